import { replyOf } from './behaviour';
import type { Behaviour } from './behaviour';
import { jsonReply, meansSuccess } from './reply';

// kyc-to-money-plus.md, Callback: success only for 2xx with JSON retcode equal to the number 0, or errcode where
// retcode is absent.
const ANSWERS: [Behaviour, number, boolean][] = [
  [{ type: 'ok' }, 200, true],
  [{ type: 'retcode', retcode: 0 }, 200, true],
  [{ type: 'retcode', retcode: 7 }, 200, false],
  [{ type: 'errcode', errcode: 0 }, 200, true],
  [{ type: 'errcode', errcode: 9 }, 200, false],
  [{ type: 'http', status: 201 }, 201, true],
  [{ type: 'http', status: 404 }, 404, false],
  [{ type: 'http', status: 429, headers: { 'retry-after': '3' } }, 429, false],
  [{ type: 'http', status: 200, body: '[0]' }, 200, false],
  [{ type: 'retcode-text' }, 200, false],
  [{ type: 'retcode-null' }, 200, false],
  [{ type: 'retcode-missing' }, 200, false],
  [{ type: 'retcode-float' }, 200, true],
  [{ type: 'not-json' }, 200, false],
  [{ type: 'empty' }, 200, false],
  [{ type: 'no-content' }, 204, false],
  [{ type: 'redirect' }, 302, false],
  [{ type: 'redirect', status: 308, location: 'http://elsewhere/' }, 308, false],
];

test.each(ANSWERS)('%j answers %d, which means success: %p', (behaviour, status, success) => {
  const reply = replyOf(behaviour)!;
  expect(reply.status).toBe(status);
  expect(meansSuccess(reply)).toBe(success);
});

const NOT_ANSWERED: Behaviour[] = [
  { type: 'timeout' },
  { type: 'reset', when: 'after-body' },
  { type: 'lost-answer' },
  { type: 'huge' },
  { type: 'drip', every_ms: 1 },
];
test.each(NOT_ANSWERED)('$type has no whole answer', (behaviour) => {
  expect(replyOf(behaviour)).toBeUndefined();
});

test('headers go with the status, a redirect leads to the recorded target unless told otherwise', () => {
  expect(replyOf({ type: 'http', status: 503, headers: { 'retry-after': '3' } })?.headers).toMatchObject({
    'retry-after': '3',
  });
  expect(replyOf({ type: 'redirect' })?.headers).toEqual({ location: '/money-plus/redirect-target' });
  expect(replyOf({ type: 'redirect', location: 'http://a/' })?.headers).toEqual({ location: 'http://a/' });
});

test('a success over 64 KiB is none', () => {
  const padded = (bytes: number): string => `{"retcode":0,"pad":"${'x'.repeat(bytes - 22)}"}`;
  expect(meansSuccess(jsonReply(200, padded(65_536)))).toBe(true);
  expect(meansSuccess(jsonReply(200, padded(65_537)))).toBe(false);
});
