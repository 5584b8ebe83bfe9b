import { audit } from '@kyc-relay/access';
import type { Database } from '@kyc-relay/persistence';
import { CONTEXTS } from './contexts';

/** A key that waits: behind a message that keeps failing on its way in, or behind one that Kafka refuses. */
export interface ParkedKey {
  schema: string;
  /** The consumer, or `outbox`. */
  place: string;
  topic: string;
  key: string;
  state: string;
  code: string;
  messages: number;
}

/** Parked keys of a topic, in all contexts, on their way in and on their way out. */
export async function listParked(database: Database, topic: string, key?: string): Promise<ParkedKey[]> {
  const found: ParkedKey[] = [];
  for (const { schema } of CONTEXTS) {
    const rows = await database.query<Omit<ParkedKey, 'schema'>>(
      `select k.consumer as place, k.topic, k.key, k.state, k.code,
         (select count(*)::int from ${schema}.parked_messages m
          where m.consumer = k.consumer and m.topic = k.topic and m.key = k.key) as messages
       from ${schema}.parked_keys k where k.topic = $1 and ($2::text is null or k.key = $2)
       union all
       select 'outbox', p.topic, p.key, 'PARKED', p.code,
         (select count(*)::int from ${schema}.outbox o where o.topic = p.topic and o.key = p.key)
       from ${schema}.outbox_parked_keys p where p.topic = $1 and ($2::text is null or p.key = $2)
       order by 1, 3`,
      [topic, key ?? null],
    );
    found.push(...rows.map((row) => ({ schema, ...row })));
  }
  return found;
}

/** Lets a key flow again: what waits is worked off in order, before anything newer of the key. Audited. */
export async function releaseKey(
  database: Database,
  parked: ParkedKey,
  by: { actor: string; reason: string },
): Promise<void> {
  await database.transaction(async (tx) => {
    if (parked.place === 'outbox')
      await tx.execute(`delete from ${parked.schema}.outbox_parked_keys where topic = $1 and key = $2`, [
        parked.topic,
        parked.key,
      ]);
    else
      await tx.execute(
        `update ${parked.schema}.parked_keys set state = 'RELEASED' where consumer = $1 and topic = $2 and key = $3`,
        [parked.place, parked.topic, parked.key],
      );
    await auditOf(tx, 'parked-key.release', parked, by);
  });
}

/** Gives up what waits under a key; in an outbox only the row that Kafka refuses, since the later ones are good. Audited. */
export async function dropKey(
  database: Database,
  parked: ParkedKey,
  by: { actor: string; reason: string },
): Promise<void> {
  await database.transaction(async (tx) => {
    if (parked.place === 'outbox') {
      await tx.execute(
        `delete from ${parked.schema}.outbox where id =
           (select min(id) from ${parked.schema}.outbox where topic = $1 and key = $2)`,
        [parked.topic, parked.key],
      );
      await tx.execute(`delete from ${parked.schema}.outbox_parked_keys where topic = $1 and key = $2`, [
        parked.topic,
        parked.key,
      ]);
    } else {
      const place = [parked.place, parked.topic, parked.key];
      // The key's row first: a consumer that is about to park behind it waits, and then finds the key free.
      await tx.execute(
        `delete from ${parked.schema}.parked_keys where consumer = $1 and topic = $2 and key = $3`,
        place,
      );
      await tx.execute(
        `delete from ${parked.schema}.parked_messages where consumer = $1 and topic = $2 and key = $3`,
        place,
      );
    }
    await auditOf(tx, 'parked-key.drop', parked, by);
  });
}

async function auditOf(
  tx: Parameters<typeof audit>[0],
  action: string,
  parked: ParkedKey,
  by: { actor: string; reason: string },
): Promise<void> {
  await audit(tx, parked.schema, {
    actor: by.actor,
    action,
    target: `${parked.place} ${parked.topic} ${parked.key}`,
    reason: by.reason,
    details: { messages: parked.messages, code: parked.code },
    at: new Date(),
  });
}
