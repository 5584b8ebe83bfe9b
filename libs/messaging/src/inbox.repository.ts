import { packTexts, type OpenTx, type PreparedStatement, type Tx } from '@kyc-relay/persistence';

/** Who an event is: `ce_source` and `ce_id`, or for an unreadable one its topic and place. */
export interface EventIdentity {
  source: string;
  id: string;
}

/** One text per identity, for maps. */
export function identityKey(identity: EventIdentity): string {
  return `${identity.source}\n${identity.id}`;
}

/** What the start of a chunk found: keys that are parked, and identities that nobody has claimed before. */
export interface OpenedChunk {
  parked: Set<string>;
  /** Nothing while any of the keys is parked. */
  claimed: Set<string>;
}

/** A consumer's memory of what it has judged. */
export class InboxRepository {
  private readonly openSql: PreparedStatement;
  private readonly claimSql: string;
  private readonly reopenSql: string;
  private readonly refuseSql: string;

  constructor(
    schema: string,
    private readonly consumer: string,
  ) {
    // What is parked is looked at first (materialized), and locked, so that a release that is worked off meanwhile ends first.
    this.openSql = {
      name: `inbox open ${schema}`,
      text: `with parked as materialized (
        select key from ${schema}.parked_keys
        where consumer = $1 and topic = $2 and key = any($3::text[]) order by key for update
      ), claimed as (
        insert into ${schema}.inbox (consumer, source, id)
        select $1, source, id from unnest($4::text[], $5::text[]) as m (source, id)
        where not exists (select from parked)
        on conflict do nothing returning source, id
      )
      select key as parked, null as source, null as id from parked
      union all select null, source, id from claimed`,
    };
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

  /** Begins a chunk of a topic in one statement: finds and locks parked keys; when there are none, claims the identities. */
  async open(
    tx: Tx,
    topic: string,
    keys: readonly string[],
    identities: readonly EventIdentity[],
  ): Promise<OpenedChunk> {
    const rows = await tx.query<EventIdentity & { parked: string | null }>(this.openSql, [
      this.consumer,
      topic,
      packTexts(keys),
      ...packIdentities(identities),
    ]);
    const opened: OpenedChunk = { parked: new Set(), claimed: new Set() };
    for (const row of rows) {
      if (row.parked === null) opened.claimed.add(identityKey(row));
      else opened.parked.add(row.parked);
    }
    return opened;
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
  markRefused(tx: OpenTx, identities: readonly EventIdentity[]): void {
    tx.write(this.refuseSql, this.parametersOf(identities));
  }

  private async run(tx: Tx, sql: string, identities: readonly EventIdentity[]): Promise<Set<string>> {
    if (identities.length === 0) return new Set();
    const rows = await tx.query<EventIdentity>(sql, this.parametersOf(identities));
    return new Set(rows.map(identityKey));
  }

  private parametersOf(identities: readonly EventIdentity[]): unknown[] {
    return [this.consumer, ...packIdentities(identities)];
  }
}

function packIdentities(identities: readonly EventIdentity[]): Buffer[] {
  return [packTexts(identities.map((one) => one.source)), packTexts(identities.map((one) => one.id))];
}
