import type { Merchant } from '@kyc-relay/config';
import { parseTimestamp } from '@kyc-relay/contracts';
import { verifyPayee, type PayeeParameters } from '@kyc-relay/signing';

/** Signs for merchants that are not there, so that their requests take as long as others. */
const NO_TOKENS = ['there is no such merchant'];

/** Who a request says it comes from. */
export interface Claim {
  readonly storeNo: string;
  /** Absent where the request has none. */
  readonly timestamp: string | undefined;
  readonly signed: PayeeParameters;
}

/**
 * Whether a request comes from the merchant: its signature, its store, its timestamp. All is looked at in every case, and
 * the answer does not tell what was wrong.
 *
 * @param merchant as the registry has it now; undefined for a number that is not in it
 */
export function isAuthentic(claim: Claim, merchant: Merchant | undefined, nowMs: number): boolean {
  const isSigned = verifyPayee(claim.signed, merchant?.tokens ?? NO_TOKENS);
  const isOwnStore = merchant?.stores.includes(claim.storeNo) ?? false;
  const isInTime = isFresh(claim.timestamp, merchant?.timestamp_tolerance_seconds ?? 0, nowMs);
  return merchant !== undefined && isSigned && isOwnStore && isInTime;
}

/** A tolerance of 0 switches the check off; a time that cannot be read is off by any measure. */
function isFresh(timestamp: string | undefined, toleranceSeconds: number, nowMs: number): boolean {
  if (timestamp === undefined || toleranceSeconds === 0) return true;
  const time = parseTimestamp(timestamp);
  return time !== null && Math.abs(nowMs - time.getTime()) <= toleranceSeconds * 1000;
}
