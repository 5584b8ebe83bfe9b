import type { ClientStatus, InfoField, Level, SubscriptionEvent } from '@kyc-relay/contracts';

/** Client statuses by name (kyc-to-money-plus.md, Words). */
export const STATUS = { pending: 2, approved: 3, rejected: 4, deleted: 5 } as const satisfies Record<
  string,
  ClientStatus
>;

/** Levels by name. */
export const LEVEL = { partial: 100, full: 200, ekyc: 300 } as const satisfies Record<string, Level>;

/** KYC data by field; a field that is not known is absent. Plain text: the store seals `ic_number`. */
export type KycInfo = Readonly<Partial<Record<InfoField, string>>>;

/** A submission that is not decided yet. */
export interface PendingCase {
  readonly caseId: string;
  readonly level: Level;
  /** A new photo keeps the approved info, a submission brings its own. */
  readonly kind: 'SUBMISSION' | 'PHOTO';
  readonly info: KycInfo;
  /** When we learned of it. */
  readonly since: Date;
}

/** Everything that is known about one user, and all that decisions depend on. */
export interface KycRecord {
  readonly shopeeUid: string;
  /** How many changes of status and info there were, deletes included; the number of the last one told. */
  readonly version: number;
  /** The last status and level told, or null where none was. */
  readonly told: { readonly status: ClientStatus; readonly level: Level } | null;
  /** The last approved data with their level; only a delete ends an approval. */
  readonly approved: { readonly level: Level; readonly info: KycInfo } | null;
  readonly pending: PendingCase | null;
  /** The wallet account. */
  readonly account: { readonly activated: boolean; readonly banned: boolean };
  /** Whether the one-time registration was requested since the last delete. */
  readonly seamlessRequested: boolean;
  /** What each business is subscribed to; a business without a subscription is not in it. */
  readonly subscriptions: ReadonlyMap<string, readonly SubscriptionEvent[]>;
}

/** What the registry says about a business, as far as decisions depend on it. */
export interface BusinessRule {
  readonly bizId: string;
  /** The level that the business requires. */
  readonly requiredLevel: number;
}

/**
 * The record of a user of whom nothing is known.
 *
 * @param shopeeUid the user
 */
export function newRecord(shopeeUid: string): KycRecord {
  return {
    shopeeUid,
    version: 0,
    told: null,
    approved: null,
    pending: null,
    account: { activated: false, banned: false },
    seamlessRequested: false,
    subscriptions: new Map(),
  };
}

/**
 * Says whether the user's approved level reaches what a business requires; a pending case does not count.
 *
 * @param record the user
 * @param requiredLevel what the business requires
 */
export function meetsBusiness(record: KycRecord, requiredLevel: number): boolean {
  return record.approved !== null && record.approved.level >= requiredLevel;
}
