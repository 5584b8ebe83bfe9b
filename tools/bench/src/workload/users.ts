import type { Pool } from 'pg';
import { BUSINESS } from '../rig/rig';

/** The population of all measurements. */
export const USERS = 200_000;

/** The nth user's id; as long as those of the real system. */
export function uidOf(n: number): string {
  return `u${String(n).padStart(11, '0')}`;
}

/**
 * A fixed order of 0..count-1 that looks random: neighbours in the topic are not neighbours in the tables. A step that
 * shares no factor with `count` visits each once.
 */
export function scatter(n: number, count: number): number {
  return (n * 61_803_399) % count;
}

/** Makes the users, all activated and subscribed to everything, as POST /v1/subscriptions leaves them. */
export async function seedUsers(pool: Pool): Promise<void> {
  await pool.query(
    `insert into kyc.users (shopee_uid, activated, subscriptions)
     select 'u' || lpad(n::text, 11, '0'), true, $2::jsonb from generate_series(0, $1::int - 1) as n`,
    [USERS, JSON.stringify({ [BUSINESS.bizId]: ['KYC_STATUS_CHANGED', 'KYC_INFO_CHANGED'] })],
  );
  await pool.query(`vacuum analyze kyc.users`);
}
