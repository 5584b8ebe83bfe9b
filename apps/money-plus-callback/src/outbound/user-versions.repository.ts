import type { Tx } from '@kyc-relay/persistence';

/** The last version seen of each user's record. */
export class UserVersionsRepository {
  async read(tx: Tx, shopeeUids: readonly string[]): Promise<Map<string, number>> {
    const rows = await tx.query<{ shopee_uid: string; version: number }>(
      `select shopee_uid, version::float8 as version from money_plus.user_versions
       where shopee_uid = any($1::text[])`,
      [shopeeUids],
    );
    return new Map(rows.map((row) => [row.shopee_uid, row.version]));
  }

  async save(tx: Tx, latest: ReadonlyMap<string, number>): Promise<void> {
    await tx.execute(
      `insert into money_plus.user_versions as v (shopee_uid, version)
       select shopee_uid, version from unnest($1::text[], $2::bigint[]) as s (shopee_uid, version) order by 1
       on conflict (shopee_uid) do update set version = excluded.version where excluded.version > v.version`,
      [[...latest.keys()], [...latest.values()]],
    );
  }
}
