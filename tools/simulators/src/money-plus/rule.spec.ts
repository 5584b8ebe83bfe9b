import { parseRule } from './rule';

test.each([
  [{ behaviour: { type: 'ok' } }],
  [
    {
      id: 'r',
      times: 3,
      match: { shopee_uid: 'u1', kind: 'info' },
      behaviour: { type: 'retcode', retcode: -1 },
    },
  ],
  [
    {
      match: { event_id: 'e', attempt: 2, biz_id: 'B' },
      behaviour: { type: 'errcode', errcode: 5, message: '' },
    },
  ],
  [{ behaviour: { type: 'http', status: 503, headers: { 'Retry-After': '2' }, body: '' } }],
  [{ behaviour: { type: 'redirect', status: 307, location: 'http://a/b' } }],
  [{ behaviour: { type: 'timeout' } }],
  [{ behaviour: { type: 'timeout', after_ms: 50 } }],
  [{ behaviour: { type: 'reset', when: 'half-answer' } }],
  [{ behaviour: { type: 'huge', bytes: 70_000 } }],
  [{ behaviour: { type: 'drip', every_ms: 10, bytes_at_once: 2 } }],
  [{ behaviour: { type: 'retcode-text' } }],
])('takes %j', (rule) => {
  expect(parseRule(rule, false)).toEqual({ ok: true, rule });
});

const BAD: [unknown, string][] = [
  [null, 'rule'],
  [[], 'rule'],
  ['ok', 'rule'],
  [{}, 'behaviour'],
  [{ behaviour: 'ok' }, 'behaviour'],
  [{ behaviour: {} }, 'behaviour.type'],
  [{ behaviour: { type: 'explode' } }, 'behaviour.type'],
  [{ behaviour: { type: 'toString' } }, 'behaviour.type'],
  [{ behaviour: { type: 'ok', retcode: 1 } }, 'behaviour.retcode'],
  [{ behaviour: { type: 'retcode' } }, 'behaviour.retcode'],
  [{ behaviour: { type: 'retcode', retcode: '0' } }, 'behaviour.retcode'],
  [{ behaviour: { type: 'http', status: 100 } }, 'behaviour.status'],
  [{ behaviour: { type: 'http', status: 503, headers: { 'bad name': 'x' } } }, 'behaviour.headers'],
  [{ behaviour: { type: 'http', status: 503, headers: { 'Retry-After': 2 } } }, 'behaviour.headers'],
  [{ behaviour: { type: 'redirect', status: 200 } }, 'behaviour.status'],
  [{ behaviour: { type: 'reset' } }, 'behaviour.when'],
  [{ behaviour: { type: 'drip' } }, 'behaviour.every_ms'],
  [{ behaviour: { type: 'huge', bytes: 0 } }, 'behaviour.bytes'],
  [{ behaviour: { type: 'ok' }, times: 0 }, 'times'],
  [{ behaviour: { type: 'ok' }, count: 1 }, 'count'],
  [{ behaviour: { type: 'ok' }, id: '' }, 'id'],
  [{ behaviour: { type: 'ok' }, match: 'all' }, 'match'],
  [{ behaviour: { type: 'ok' }, match: { kind: 'other' } }, 'match.kind'],
  [{ behaviour: { type: 'ok' }, match: { user: 'u1' } }, 'match.user'],
  [{ behaviour: { type: 'ok' }, match: { toString: 'u1' } }, 'match.toString'],
  [{ behaviour: { type: 'ok' }, match: { attempt: 0 } }, 'match.attempt'],
];
test.each(BAD)('refuses %j for its %s', (rule, field) => {
  expect(parseRule(rule, false)).toMatchObject({ ok: false, field });
});

test('refuses to match attempts in quick mode, where they are not counted', () => {
  const rule = { match: { attempt: 2 }, behaviour: { type: 'ok' } };
  expect(parseRule(rule, true)).toMatchObject({ ok: false, field: 'match.attempt' });
});
