import type { PayeeStatus } from '@kyc-relay/contracts';
import type { PayeeProfile } from './profile';

/** A payee that is not deleted. */
export interface Payee {
  /** 22 digits, unique for ever. */
  readonly customerNo: string;
  /** Whose payee it is. */
  readonly merchantNo: string;
  /** The store that registered it. */
  readonly storeNo: string;
  /** Number of its last change, from 1 without gaps. */
  readonly version: number;
  readonly status: PayeeStatus;
  /** Since when it has this status. */
  readonly statusSince: Date;
  readonly profile: PayeeProfile;
  readonly createdAt: Date;
  /** Its last change, of fields or status. */
  readonly updatedAt: Date;
}

/** A time as the API tells it: ISO 8601 UTC to the second. */
export function toSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
