import type { KeyRing } from '@kyc-relay/crypto';
import type { SubscriptionEvent } from '@kyc-relay/contracts';
import { RowSet } from '@kyc-relay/persistence';
import type { KycInfo, KycRecord } from '../domain';

/** A row of `kyc.users` as the driver gives it. */
export interface UserRow {
  shopee_uid: string;
  version: number;
  told_status: number | null;
  told_level: number | null;
  approved_level: number | null;
  approved_info: KycInfo | null;
  approved_ic_number: Buffer | null;
  pending_case_id: string | null;
  pending_level: number | null;
  pending_kind: string | null;
  pending_info: KycInfo | null;
  pending_ic_number: Buffer | null;
  pending_since: Date | null;
  activated: boolean;
  banned: boolean;
  seamless_requested: boolean;
  subscriptions: Readonly<Record<string, readonly SubscriptionEvent[]>>;
}

type SealedColumn = 'approved_ic_number' | 'pending_ic_number';

/** The rows of users, on their way into the store. */
export const USER_ROWS = new RowSet<UserRow>({
  shopee_uid: 'text',
  version: 'integer',
  told_status: 'smallint',
  told_level: 'smallint',
  approved_level: 'smallint',
  approved_info: 'jsonb',
  approved_ic_number: 'bytea',
  pending_case_id: 'text',
  pending_level: 'smallint',
  pending_kind: 'text',
  pending_info: 'jsonb',
  pending_ic_number: 'bytea',
  pending_since: 'timestamptz',
  activated: 'boolean',
  banned: 'boolean',
  seamless_requested: 'boolean',
  subscriptions: 'jsonb',
});

/** The columns of {@link UserRow}, for a select. */
export const USER_COLUMNS = USER_ROWS.names;

/** Between a row, in which the identity number stands sealed and apart, and the domain's record. */
export class UserRowMapper {
  constructor(private readonly keyRing: KeyRing) {}

  toRecord(row: UserRow): KycRecord {
    return {
      shopeeUid: row.shopee_uid,
      version: row.version,
      told:
        row.told_status === null
          ? null
          : ({ status: row.told_status, level: row.told_level } as NonNullable<KycRecord['told']>),
      approved:
        row.approved_level === null
          ? null
          : ({
              level: row.approved_level,
              info: this.openInfo(row, 'approved_ic_number', row.approved_info),
            } as NonNullable<KycRecord['approved']>),
      pending:
        row.pending_case_id === null
          ? null
          : ({
              caseId: row.pending_case_id,
              level: row.pending_level,
              kind: row.pending_kind,
              info: this.openInfo(row, 'pending_ic_number', row.pending_info),
              since: row.pending_since,
            } as NonNullable<KycRecord['pending']>),
      account: { activated: row.activated, banned: row.banned },
      seamlessRequested: row.seamless_requested,
      subscriptions: new Map(Object.entries(row.subscriptions)),
    };
  }

  /** The record as a row; an unchanged identity number is not sealed anew. */
  toRow(record: KycRecord, loaded: UserRow | undefined): UserRow {
    const { approved, pending } = record;
    const { ic_number: approvedNumber, ...approvedInfo } = approved?.info ?? {};
    const { ic_number: pendingNumber, ...pendingInfo } = pending?.info ?? {};
    return {
      shopee_uid: record.shopeeUid,
      version: record.version,
      told_status: record.told?.status ?? null,
      told_level: record.told?.level ?? null,
      approved_level: approved?.level ?? null,
      approved_info: approved ? approvedInfo : null,
      approved_ic_number: this.sealNumber(record.shopeeUid, 'approved_ic_number', approvedNumber, loaded),
      pending_case_id: pending?.caseId ?? null,
      pending_level: pending?.level ?? null,
      pending_kind: pending?.kind ?? null,
      pending_info: pending ? pendingInfo : null,
      pending_ic_number: this.sealNumber(record.shopeeUid, 'pending_ic_number', pendingNumber, loaded),
      pending_since: pending?.since ?? null,
      activated: record.account.activated,
      banned: record.account.banned,
      seamless_requested: record.seamlessRequested,
      subscriptions: Object.fromEntries(record.subscriptions),
    };
  }

  private openInfo(row: UserRow, column: SealedColumn, info: KycInfo | null): KycInfo {
    const sealed = row[column];
    if (sealed === null) return info ?? {};
    return {
      ...info,
      ic_number: this.keyRing.open(sealed, placeOf(column, row.shopee_uid)).toString('utf8'),
    };
  }

  private sealNumber(
    shopeeUid: string,
    column: SealedColumn,
    plain: string | undefined,
    loaded: UserRow | undefined,
  ): Buffer | null {
    if (plain === undefined) return null;
    const before = loaded?.[column];
    if (before && this.keyRing.open(before, placeOf(column, shopeeUid)).toString('utf8') === plain)
      return before;
    return this.keyRing.seal(plain, placeOf(column, shopeeUid));
  }
}

/** Where a sealed identity number belongs. */
export function placeOf(
  column: SealedColumn,
  shopeeUid: string,
): { table: string; column: string; row: string } {
  return { table: 'kyc.users', column, row: shopeeUid };
}
