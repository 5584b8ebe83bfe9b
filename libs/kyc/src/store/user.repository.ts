import type { KeyRing } from '@kyc-relay/crypto';
import { LockedKeys } from '@kyc-relay/outbox';
import { packTexts, type OpenTx, type PreparedStatement, type Tx } from '@kyc-relay/persistence';
import type { KycRecord } from '../domain';
import { USER_COLUMNS, USER_ROWS, UserRowMapper, type UserRow } from './user-row';

/** Records that a transaction has locked; the lock is also that of the users' Kafka keys. */
export interface LockedUsers {
  records: Map<string, KycRecord>;
  rows: Map<string, UserRow>;
  locked: LockedKeys;
  /** Whether the first statement locked them all, so that what was sent right behind it was done under the locks. */
  wereThere: boolean;
}

/** The users' KYC records. */
export class UserRepository {
  private readonly mapper: UserRowMapper;

  constructor(keyRing: KeyRing) {
    this.mapper = new UserRowMapper(keyRing);
  }

  /**
   * Locks the users' rows, in sorted order, and reads them; a user who is not there yet gets an empty row first.
   * A chunk of known users costs one statement. Nothing is locked before what is missing is inserted, or two chunks, each
   * with a new user whom the other has locked by then, would wait for each other.
   */
  async lock(tx: OpenTx, shopeeUids: Iterable<string>): Promise<LockedUsers> {
    const uids = [...new Set(shopeeUids)];
    let rows = await tx.query<UserRow>(LOCK_IF_ALL_ARE_THERE, [packTexts(uids)]);
    const wereThere = rows.length === uids.length;
    if (!wereThere) {
      tx.write(INSERT_MISSING, [uids]);
      rows = await tx.query<UserRow>(LOCK, [uids]);
    }
    return {
      records: new Map(rows.map((row) => [row.shopee_uid, this.mapper.toRecord(row)])),
      rows: new Map(rows.map((row) => [row.shopee_uid, row])),
      locked: LockedKeys.heldBy(tx, uids),
      wereThere,
    };
  }

  /** One record as it is committed now; undefined for a user nobody told us about. */
  async find(tx: Tx, shopeeUid: string): Promise<KycRecord | undefined> {
    const rows = await tx.query<UserRow>(`select ${USER_COLUMNS} from kyc.users where shopee_uid = $1`, [
      shopeeUid,
    ]);
    return rows[0] && this.mapper.toRecord(rows[0]);
  }

  /** Writes records that were locked before. */
  save(tx: OpenTx, users: LockedUsers, changed: ReadonlySet<string>): void {
    if (changed.size === 0) return;
    const rows: UserRow[] = [];
    for (const uid of changed) {
      const record = users.records.get(uid);
      if (record) rows.push(this.mapper.toRow(record, users.rows.get(uid)));
    }
    tx.write(SAVE, [packTexts([...changed]), ...USER_ROWS.pack(rows)]);
  }
}

const LOCK = `select ${USER_COLUMNS} from kyc.users where shopee_uid = any($1::text[]) order by shopee_uid for update`;

const LOCK_IF_ALL_ARE_THERE: PreparedStatement = {
  name: 'kyc lock users',
  text: `select ${USER_COLUMNS} from kyc.users where shopee_uid = any($1::text[])
    and (select count(*) from kyc.users where shopee_uid = any($1::text[])) = cardinality($1::text[])
  order by shopee_uid for update`,
};

const INSERT_MISSING = `insert into kyc.users (shopee_uid)
  select uid from unnest($1::text[]) as uid order by uid collate "C" on conflict do nothing`;

// The users stand in a list of their own, so that they are looked up by their key however many the planner expects.
const SAVE: PreparedStatement = {
  name: 'kyc save users',
  text: `update kyc.users u set
    version = n.version, told_status = n.told_status, told_level = n.told_level,
    approved_level = n.approved_level, approved_info = n.approved_info,
    approved_ic_number = n.approved_ic_number,
    pending_case_id = n.pending_case_id, pending_level = n.pending_level, pending_kind = n.pending_kind,
    pending_info = n.pending_info, pending_ic_number = n.pending_ic_number,
    pending_since = n.pending_since, activated = n.activated, banned = n.banned,
    seamless_requested = n.seamless_requested, subscriptions = n.subscriptions
  from ${USER_ROWS.from(2)} as n
  where u.shopee_uid = n.shopee_uid and u.shopee_uid = any($1::text[])`,
};
