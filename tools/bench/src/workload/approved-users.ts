import { KeyRing } from '@kyc-relay/crypto';
import type { Pool } from 'pg';
import { DATA_KEYS } from '../rig/rig';
import { infoOf } from './case-events';
import { uidOf, USERS } from './users';

const CHUNK = 10_000;

/** Gives each user an approved eKYC, its identity number sealed, as the service leaves it. */
export async function approveUsers(pool: Pool): Promise<void> {
  const keyRing = KeyRing.parse(DATA_KEYS);
  for (let start = 0; start < USERS; start += CHUNK) {
    const users = Array.from({ length: Math.min(CHUNK, USERS - start) }, (_, index) => start + index);
    const rows = users.map((user) => {
      const { ic_number: number = '', ...info } = infoOf(user);
      const row = uidOf(user);
      const sealed = keyRing.seal(number, { table: 'kyc.users', column: 'approved_ic_number', row });
      return { row, info, sealed };
    });
    await pool.query(
      `update kyc.users u set version = 2, told_status = 3, told_level = 300, approved_level = 300,
         approved_info = n.info, approved_ic_number = n.sealed
       from unnest($1::text[], $2::jsonb[], $3::bytea[]) as n (uid, info, sealed) where u.shopee_uid = n.uid`,
      [
        rows.map(({ row }) => row),
        rows.map(({ info }) => JSON.stringify(info)),
        rows.map(({ sealed }) => sealed),
      ],
    );
  }
  await pool.query('vacuum analyze kyc.users');
}
