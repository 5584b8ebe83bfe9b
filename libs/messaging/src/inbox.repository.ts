import type { Tx } from '@kyc-relay/persistence';

/** Who an event is: `ce_source` and `ce_id`, or for an unreadable one its topic and place. */
export interface EventIdentity {
  source: string;
  id: string;
}

/** One text per identity, for maps. */
export function identityKey(identity: EventIdentity): string {
  return `${identity.source}\n${identity.id}`;
}

/** A consumer's memory of what it has judged. */
export class InboxRepository {
  private readonly claimSql: string;
  private readonly reopenSql: string;
  private readonly refuseSql: string;

  constructor(
    schema: string,
    private readonly consumer: string,
  ) {
    this.claimSql = `insert into ${schema}.inbox (consumer, source, id)
      select $1, source, id from unnest($2::text[], $3::text[]) as m (source, id)
      on conflict do nothing returning source, id`;
    this.reopenSql = `update ${schema}.inbox i set refused = false
      from unnest($2::text[], $3::text[]) as m (source, id)
      where i.consumer = $1 and i.source = m.source and i.id = m.id and i.refused returning i.source, i.id`;
    this.refuseSql = `update ${schema}.inbox i set refused = true
      from unnest($2::text[], $3::text[]) as m (source, id)
      where i.consumer = $1 and i.source = m.source and i.id = m.id`;
  }

  /** Claims identities; returns the keys of those nobody has claimed before. */
  async claim(tx: Tx, identities: readonly EventIdentity[]): Promise<Set<string>> {
    return await this.run(tx, this.claimSql, identities);
  }

  /** Of identities that come again as a replay, claims those that were refused the last time. */
  async reopen(tx: Tx, identities: readonly EventIdentity[]): Promise<Set<string>> {
    return await this.run(tx, this.reopenSql, identities);
  }

  /** Remembers claimed identities as refused. */
  async markRefused(tx: Tx, identities: readonly EventIdentity[]): Promise<void> {
    await this.run(tx, this.refuseSql, identities);
  }

  private async run(tx: Tx, sql: string, identities: readonly EventIdentity[]): Promise<Set<string>> {
    if (identities.length === 0) return new Set();
    const rows = await tx.query<EventIdentity>(sql, [
      this.consumer,
      identities.map((one) => one.source),
      identities.map((one) => one.id),
    ]);
    return new Set(rows.map(identityKey));
  }
}
