import { parseReason } from './reason';

describe('parseReason', () => {
  it.each([
    ['ticket 17', 'ticket 17'],
    ['  ticket 17\n', 'ticket 17'],
    ['工单 é 😀', '工单 é 😀'],
    ['x'.repeat(500), 'x'.repeat(500)],
    ['😀'.repeat(500), '😀'.repeat(500)],
  ])('takes %j', (given, reason) => {
    expect(parseReason(given)).toEqual({ ok: true, reason });
  });

  it.each<[unknown, string]>([
    [undefined, 'is missing'],
    [null, 'is missing'],
    [17, 'must be a text'],
    [['ticket'], 'must be a text'],
    [{ toString: 'x' }, 'must be a text'],
    ['', 'must not be blank'],
    [' \t\n\u00a0\u3000', 'must not be blank'],
    ['a\u0000b', 'must not contain NUL or half of a surrogate pair'],
    ['a\ud800', 'must not contain NUL or half of a surrogate pair'],
    ['x'.repeat(501), 'must have at most 500 characters'],
    ['😀'.repeat(501), 'must have at most 500 characters'],
  ])('refuses %j', (given, message) => {
    expect(parseReason(given)).toEqual({ ok: false, field: 'reason', message });
  });
});
