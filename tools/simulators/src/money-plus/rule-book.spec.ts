import type { RuleMatch } from './rule';
import { RuleBook } from './rule-book';
import type { CallbackFacts } from './rule-book';

const FACTS: CallbackFacts = { biz_id: 'B', shopee_uid: 'u1', kind: 'status', event_id: 'e1', attempt: 2 };

const MATCHES: [RuleMatch | undefined, boolean][] = [
  [undefined, true],
  [{}, true],
  [{ shopee_uid: 'u1' }, true],
  [{ shopee_uid: 'u2' }, false],
  [{ kind: 'status' }, true],
  [{ kind: 'info' }, false],
  [{ event_id: 'e1' }, true],
  [{ event_id: 'e2' }, false],
  [{ attempt: 2 }, true],
  [{ attempt: 1 }, false],
  [{ biz_id: 'B' }, true],
  [{ biz_id: 'C' }, false],
  [{ shopee_uid: 'u1', kind: 'info' }, false],
];
test.each(MATCHES)('a rule for %j matches: %p', (match, expected) => {
  const book = new RuleBook();
  book.add(match === undefined ? { behaviour: { type: 'empty' } } : { match, behaviour: { type: 'empty' } });
  expect(book.take(FACTS) !== undefined).toBe(expected);
});

test('the rule set first rules until it is used up, then the next', () => {
  const book = new RuleBook();
  book.add({ behaviour: { type: 'http', status: 404 }, times: 2 });
  book.add({ behaviour: { type: 'timeout' }, times: 1 });
  const types = [1, 2, 3, 4].map(() => book.take(FACTS)?.behaviour.type);
  expect(types).toEqual(['http', 'http', 'timeout', undefined]);
  expect(book.list().map(({ id, used }) => [id, used])).toEqual([
    ['rule-1', 2],
    ['rule-2', 1],
  ]);
  expect(book.idle).toBe(true);
});

test('a rule with an id that is there replaces it and goes last', () => {
  const book = new RuleBook();
  book.add({ id: 'a', behaviour: { type: 'empty' } });
  book.add({ id: 'b', behaviour: { type: 'not-json' } });
  book.add({ id: 'a', behaviour: { type: 'timeout' } });
  expect(book.list().map(({ id }) => id)).toEqual(['b', 'a']);
  expect(book.remove('b')).toBe(true);
  expect(book.remove('b')).toBe(false);
  expect(book.take(FACTS)?.behaviour.type).toBe('timeout');
  book.clear();
  expect(book.take(FACTS)).toBeUndefined();
});

describe('a reset before the body', () => {
  const HEADERS: CallbackFacts = { ...FACTS, biz_id: null, shopee_uid: null };
  const reset = { type: 'reset', when: 'before-body' } as const;

  test('is taken when the headers settle it', () => {
    const book = new RuleBook();
    book.add({ match: { event_id: 'e1' }, behaviour: reset, times: 1 });
    expect(book.takeBeforeBody(HEADERS)?.behaviour).toEqual(reset);
    expect(book.takeBeforeBody(HEADERS)).toBeUndefined();
  });

  test('waits for the body when the rule is for a user', () => {
    const book = new RuleBook();
    book.add({ match: { shopee_uid: 'u1' }, behaviour: reset });
    expect(book.takeBeforeBody(HEADERS)).toBeUndefined();
    expect(book.take(FACTS)?.behaviour).toEqual(reset);
  });

  test('does not overtake a rule set before it that may match', () => {
    const book = new RuleBook();
    book.add({ match: { shopee_uid: 'u1' }, behaviour: { type: 'empty' } });
    book.add({ behaviour: reset });
    expect(book.takeBeforeBody(HEADERS)).toBeUndefined();
  });
});
