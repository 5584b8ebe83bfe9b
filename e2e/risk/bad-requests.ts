import { spoilText } from '../bad-input/spoil';
import type { Seeded } from '../world/seeded';
import { AGENTS, signedQuery } from './partners';

const VALUES: readonly unknown[] = [
  true,
  -1,
  0.5,
  1e308,
  'x'.repeat(5_000),
  'a\u0000b',
  'half \ud800',
  '🙂',
  ['a'],
  { a: 1 },
  [[[[['a']]]]],
  '2023-02-30 00:00:00',
  "'; drop table risk.cases; --",
  { $gt: '' },
];
const QUERY_FIELDS = ['createTimeBegin', 'createTimeEnd', 'beginLine', 'pageSize', 'firstLevelAgentNum'];

/** A query that is to be refused: malformed, or well signed with a field that is wrong, or badly signed. */
export function badQuery(seeded: Seeded): string {
  const good = signedQuery({});
  switch (seeded.below(4)) {
    case 0:
      return spoilText(JSON.parse(good) as object, seeded);
    case 1:
      return good.replace(/"sign":"./, `"sign":"${seeded.pick(['', 'x', '😀'])}`);
    case 2:
      return good.replace('{', `{"${seeded.pick(QUERY_FIELDS)}":${JSON.stringify(seeded.pick(VALUES))},`);
    default:
      return signedQuery({ [seeded.pick(QUERY_FIELDS)]: seeded.pick(VALUES) });
  }
}

/** A push that is to be refused: malformed, or of an agent whose pushes must be signed and badly signed. */
export function badPush(seeded: Seeded): string {
  const good = {
    flowNo: 'BAD',
    flowStatus: 'DSH',
    firstLevelAgentNum: AGENTS.strict,
    detailList: [{ amount: '1' }],
  };
  switch (seeded.below(4)) {
    case 0:
      return spoilText(good, seeded);
    case 1:
      return JSON.stringify({ ...good, accessid: 'relay', sign: seeded.pick(VALUES) });
    case 2:
      return JSON.stringify(good).replace('{', `{"flowNo":${JSON.stringify(seeded.pick(VALUES))},`);
    default:
      return JSON.stringify({ ...good, [seeded.pick(Object.keys(good))]: seeded.pick(VALUES) });
  }
}
