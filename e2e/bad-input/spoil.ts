import type { Seeded } from '../world/seeded';

/** What a field must be, so that it can be made to be something else. */
export type FieldKind = 'id' | 'text' | 'level' | 'flag' | 'list' | 'object' | 'choice';

/** The fields of a JSON object; those with a `?` may be absent. */
export type Shape = Record<string, FieldKind | `${FieldKind}?`>;

const NUL = '\u0000';
const HALF = '\ud800';
const DEEP = '['.repeat(2000) + ']'.repeat(2000);

/** Values that a field of a kind must never have; null is left out, since an optional field may be null. */
const WRONG: Record<FieldKind, unknown[]> = {
  id: [
    5,
    true,
    {},
    [],
    ['u'],
    '',
    'a b',
    `a${NUL}`,
    HALF,
    'x'.repeat(65),
    "'; drop table users; --",
    '../../etc',
    '🙂',
    { $gt: '' },
  ],
  text: [5, false, {}, [], [null], '', `a${NUL}b`, `half ${HALF}`, 'x'.repeat(2000), { toString: 'x' }],
  level: [0, 150, -300, '300', 300.5, 1e308, true, [300], {}],
  flag: ['yes', 'true', 1, 0, [], {}],
  list: ['k', 5, { 0: 'k' }, [5], [null], [[]], [`k${NUL}`], [HALF], Array(51).fill('k'), ['x'.repeat(129)]],
  object: [5, 'text', true, [1], [[]], { surprise: 1 }, { name: 5 }, { name: '' }, { name: HALF }],
  choice: [5, '', 'NEITHER', [], {}, `A${NUL}`, 'x'.repeat(300)],
};

/** Keys that no object has; some mean something to JavaScript. */
const SURPRISES = [
  'surprise',
  'constructor',
  'toString',
  '',
  `nul${NUL}`,
  HALF,
  '$where',
  'x'.repeat(1000),
  'a.b',
  '0',
];

/** Bodies that are no JSON object at all. */
const NO_OBJECTS = [
  '',
  ' ',
  'null',
  'true',
  '0',
  '1e999',
  '"text"',
  '{',
  '}',
  '{"a"',
  '{"a":}',
  "{'a':1}",
  '{"a":1,}',
  'undefined',
  'NaN',
  '<xml/>',
  'a=b&c=d',
  '\ufeff',
  NUL,
  DEEP,
  `{"a":${DEEP}}`,
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
];

/** The object with one thing wrong: a field missing, of another kind, or too many. */
export function spoilObject(
  good: Record<string, unknown>,
  shape: Shape,
  seeded: Seeded,
): Record<string, unknown> {
  const fields = Object.keys(shape).filter((field) => field in good || isOptional(shape, field));
  const field = seeded.pick(fields);
  const way = seeded.below(5);
  if (way === 0) return { ...good, [seeded.pick(SURPRISES)]: seeded.pick<unknown>([1, 'x', {}, []]) };
  if (way === 1 && !isOptional(shape, field)) {
    return Object.fromEntries(Object.entries(good).filter(([name]) => name !== field));
  }
  if (way === 2 && !isOptional(shape, field)) return { ...good, [field]: null };
  const kind = (shape[field] ?? 'text').replace('?', '') as FieldKind;
  return { ...good, [field]: seeded.pick(WRONG[kind]) };
}

/** A text in place of a JSON object: none at all, cut off, or spoilt in its letters. */
export function spoilText(good: object, seeded: Seeded): string {
  const text = JSON.stringify(good);
  switch (seeded.below(4)) {
    case 0:
      return text.slice(0, seeded.below(text.length - 1));
    case 1:
      return `${text}${seeded.pick(['}', ',', 'x', NUL, '{}'])}`;
    case 2:
      return seeded.bytes(1 + seeded.below(200)).toString('latin1');
    default:
      return seeded.pick(NO_OBJECTS);
  }
}

/** One in three is no JSON object, the others one with one thing wrong. */
export function spoilBody(good: Record<string, unknown>, shape: Shape, seeded: Seeded): string {
  return seeded.below(3) === 0 ? spoilText(good, seeded) : JSON.stringify(spoilObject(good, shape, seeded));
}

function isOptional(shape: Shape, field: string): boolean {
  return shape[field]?.endsWith('?') ?? false;
}
