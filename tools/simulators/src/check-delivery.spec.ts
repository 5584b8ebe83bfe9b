import { checkDelivery } from './check-delivery';
import type { CheckOptions, DeliveryReport } from './check-delivery';
import type { ReceivedRequest } from './money-plus/received-request';

const SUCCESS = { status: 200, success: true, answered_wholly: true };
const FAILURE = { status: 200, success: false, answered_wholly: true };
const LOST = { status: null, success: true, answered_wholly: false };

/** `u1 v2 e5`: a callback of user, version and event. */
function request(text: string, change: Partial<ReceivedRequest> = {}): Omit<ReceivedRequest, 'index'> {
  const [user = '', version = '', event = ''] = text.split(' ');
  return {
    arrived_at: 1000,
    method: 'POST',
    path: '/money-plus/status',
    kind: 'status',
    biz_id: 'MONEY_PLUS',
    shopee_uid: user,
    event_id: event,
    webhook_id: event,
    relay_version: Number(version.slice(1)),
    attempt: 1,
    body_bytes: 10,
    body_sha256: `hash of ${event}`,
    body_complete: true,
    signature: 'valid',
    behaviour: 'ok',
    rule: null,
    ...SUCCESS,
    bytes_written: 13,
    ended_at: 1001,
    ...change,
  };
}

function check(requests: Omit<ReceivedRequest, 'index'>[], options?: CheckOptions): DeliveryReport {
  return checkDelivery(
    requests.map((it, index) => ({ ...it, index })),
    options,
  );
}

describe('a log that keeps all promises', () => {
  const rows: [string, Omit<ReceivedRequest, 'index'>[]][] = [
    ['an empty one', []],
    [
      'versions of a user in order, users mixed',
      [request('u1 v1 a'), request('u2 v1 b'), request('u1 v2 c')],
    ],
    ['versions that skip changes nobody subscribed to', [request('u1 v1 a'), request('u1 v7 b')]],
    [
      'failures before a success',
      [request('u1 v1 a', FAILURE), request('u1 v1 a', FAILURE), request('u1 v1 a')],
    ],
    ['a repeat after a lost answer', [request('u1 v1 a', LOST), request('u1 v1 a'), request('u1 v2 b')]],
    [
      'a repeat after an answer that was cut',
      [request('u1 v1 a', { answered_wholly: false }), request('u1 v1 a')],
    ],
    ['a lower version that only failed', [request('u1 v2 b'), request('u1 v1 a', FAILURE)]],
    ['the same user of two businesses', [request('u1 v2 a'), request('u1 v1 b', { biz_id: 'OTHER' })]],
    ['a request still open', [request('u1 v1 a', { success: null, answered_wholly: null, ended_at: null })]],
    [
      'a request whose body was never read',
      [request('u1 v1 a', { body_complete: false, signature: 'unchecked' })],
    ],
    ['a request to another path', [request('u1 v1 a', { kind: 'redirect-target', signature: 'unchecked' })]],
  ];
  test.each(rows)('%s holds', (_name, log) => {
    expect(check(log)).toMatchObject({ holds: true });
  });
});

describe('a broken promise is reported', () => {
  test('a success for a lower version after a success of a higher one', () => {
    const report = check([request('u1 v1 a'), request('u1 v3 c'), request('u2 v1 d'), request('u1 v2 b')]);
    expect(report.holds).toBe(false);
    expect(report.order_violations).toEqual([
      {
        biz_id: 'MONEY_PLUS',
        shopee_uid: 'u1',
        index: 3,
        event_id: 'b',
        version: 2,
        after_index: 1,
        after_event_id: 'c',
        after_version: 3,
      },
    ]);
  });

  test.each([
    ['the lower one', [request('u1 v2 b'), request('u1 v1 a', LOST)]],
    ['the higher one', [request('u1 v2 b', LOST), request('u1 v1 a')]],
  ])('also when the answer of %s was lost: the receiver did process it', (_name, log) => {
    expect(check(log).order_violations).toHaveLength(1);
  });

  test('two successes of one event, each further one once', () => {
    const report = check([request('u1 v1 a'), request('u1 v1 a'), request('u1 v1 a')]);
    expect(report.holds).toBe(false);
    expect(report.repeated_successes).toEqual([
      { event_id: 'a', first_index: 0, index: 1 },
      { event_id: 'a', first_index: 1, index: 2 },
    ]);
  });

  const changed: [string, Partial<ReceivedRequest>, string][] = [
    ['other bytes', { body_sha256: 'another hash' }, 'body'],
    ['another webhook-id', { webhook_id: 'b' }, 'webhook-id'],
    ['another version', { relay_version: 2 }, 'version'],
  ];
  test.each(changed)('a repeat with %s', (_name, change, differs) => {
    const report = check([request('u1 v1 a', FAILURE), request('u1 v1 a', change)]);
    expect(report.holds).toBe(false);
    expect(report.changed_repeats).toEqual([{ event_id: 'a', first_index: 0, index: 1, differs }]);
  });

  test('a signature that does not verify', () => {
    const report = check([request('u1 v1 a', { signature: 'airpay.mismatch', ...FAILURE })]);
    expect(report.holds).toBe(false);
    expect(report.invalid_signatures).toEqual([{ index: 0, event_id: 'a', signature: 'airpay.mismatch' }]);
  });

  test('a callback without a version, whose order nobody can tell', () => {
    expect(check([request('u1 v1 a', { relay_version: null })])).toMatchObject({
      holds: false,
      unversioned: [0],
    });
  });
});

describe('what is known of the run excuses', () => {
  test('a redriven event that comes after later ones', () => {
    const log = [request('u1 v1 a', FAILURE), request('u1 v2 b'), request('u1 v1 a'), request('u1 v3 c')];
    expect(check(log).order_violations).toHaveLength(1);
    expect(check(log, { redriven: ['a'] }).holds).toBe(true);
  });

  test('a repeat of a success that was answered while its sender was killed, and no other', () => {
    const log = [request('u1 v1 a', { ended_at: 5000 }), request('u1 v1 a', { ended_at: 9000 })];
    expect(check(log, { crash_windows: [{ from: 4900, to: 5100 }] })).toMatchObject({
      holds: true,
      excused_repeats: 1,
    });
    expect(check(log, { crash_windows: [{ from: 6000, to: 7000 }] })).toMatchObject({
      holds: false,
      excused_repeats: 0,
    });
  });
});

test('counts requests, events, users and deliveries', () => {
  const log = [request('u1 v1 a', FAILURE), request('u1 v1 a'), request('u2 v1 b', LOST), request('u2 v2 c')];
  expect(check(log)).toMatchObject({ requests: 4, events: 3, users: 2, delivered: 2 });
});
