import { packTexts, type OpenTx, type PreparedStatement, type Tx } from '@kyc-relay/persistence';

const READ: PreparedStatement = {
  name: 'money_plus read versions',
  text: `select shopee_uid, version::float8 as version from money_plus.user_versions
    where shopee_uid = any($1::text[])`,
};

const SAVE: PreparedStatement = {
  name: 'money_plus save versions',
  text: `insert into money_plus.user_versions as v (shopee_uid, version)
    select shopee_uid, version from unnest($1::text[], $2::bigint[]) as s (shopee_uid, version) order by 1
    on conflict (shopee_uid) do update set version = excluded.version where excluded.version > v.version`,
};

/** The last version seen of each user's record. */
export class UserVersionsRepository {
  async read(tx: Tx, shopeeUids: readonly string[]): Promise<Map<string, number>> {
    const rows = await tx.query<{ shopee_uid: string; version: number }>(READ, [packTexts(shopeeUids)]);
    return new Map(rows.map((row) => [row.shopee_uid, row.version]));
  }

  save(tx: OpenTx, latest: ReadonlyMap<string, number>): void {
    tx.write(SAVE, [[...latest.keys()], [...latest.values()]]);
  }
}
