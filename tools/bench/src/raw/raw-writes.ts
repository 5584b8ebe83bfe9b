import type { Pool } from 'pg';
import { scatter, uidOf, USERS } from '../workload/users';

const CHUNK = 500;
const CONNECTIONS = 3;

/**
 * What Postgres takes when nothing is decided, locked or read first: the same rows as a submitted case leaves (inbox,
 * record, history, outbox), made on the server, in transactions of 500 over three connections. Returns rows of each a
 * second.
 */
export async function writeRaw(pool: Pool, events: number): Promise<number> {
  const chunks = Math.floor(events / CHUNK);
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async (_, connection) => {
      const client = await pool.connect();
      // Users of its own for each connection: they write beside each other and never wait for each other.
      const share = Math.floor(USERS / CONNECTIONS);
      try {
        for (let mine = 0; next < chunks; mine += 1) {
          next += 1;
          const uids = Array.from({ length: CHUNK }, (_, index) =>
            uidOf(connection * share + scatter(mine * CHUNK + index, share)),
          );
          await client.query('begin');
          for (const [statement, takesUids] of STATEMENTS)
            await client.query(statement, takesUids ? [uids] : [CHUNK]);
          await client.query('commit');
        }
      } finally {
        client.release();
      }
    }),
  );
  return (chunks * CHUNK) / ((performance.now() - startedAt) / 1000);
}

const INFO = `'{"name": "Siti Rahmawati 00000000", "phone": "+6281200000000", "gender": "F", "address": "Jalan Jenderal Sudirman 00000000, Jakarta", "ic_type": "KTP", "nationality": "ID", "date_of_birth": "1990-04-17", "industry_code": "4711", "mailing_address": "Jalan Jenderal Sudirman 00000000, Jakarta", "occupation_code": "5223"}'`;
const HEADERS = `'{"ce_specversion":"1.0","ce_id":"018f0000-0000-7000-8000-000000000000","ce_type":"kyc.status-changed","ce_source":"/kyc-relay/kyc-status-publisher","ce_time":"2026-01-01T00:00:00.000Z","ce_subject":"u00000000000","content-type":"application/json"}'`;
const PAYLOAD = `'{"event_id":"018f0000-0000-7000-8000-000000000000","shopee_uid":"u00000000000","version":1,"spay_kyc_client_status":2,"spay_kyc_level":300,"spay_reject_reason":"","spay_reject_reason_key":"","spay_delete_reason":"","spay_delete_reason_key":"","change_status_time":1767225600,"subscriptions":[{"biz_id":"MONEY_PLUS","is_meet_business":false}]}'`;

const STATEMENTS: readonly [sql: string, takesUids: boolean][] = [
  [
    `insert into kyc.inbox (consumer, source, id)
     select 'raw', '/bench/upstream', gen_random_uuid()::text from generate_series(1, $1::int)`,
    false,
  ],
  [
    `update kyc.users set version = version + 1, told_status = 2, told_level = 300, pending_case_id = 'raw',
       pending_level = 300, pending_kind = 'SUBMISSION', pending_since = now(), pending_info = ${INFO}::jsonb
     where shopee_uid = any($1::text[])`,
    true,
  ],
  [
    `insert into kyc.user_history (shopee_uid, at, ce_id, type, decision, changes, callbacks)
     select uid, now(), gen_random_uuid()::text, 'kyc.case.submitted', 'APPLIED', '[]', array[gen_random_uuid()]
     from unnest($1::text[]) as uid`,
    true,
  ],
  [
    `insert into kyc.outbox (event_id, topic, key, headers, payload)
     select gen_random_uuid(), 'raw', uid, ${HEADERS}, convert_to(${PAYLOAD}, 'UTF8')
     from unnest($1::text[]) as uid`,
    true,
  ],
];
