import type { ClientStatus } from '@kyc-relay/contracts';
import { LEVEL, STATUS, type KycRecord } from './kyc-record';

/** What the app shows a user who enters a business. */
export type EntryDecision =
  | { decision: 'CONSENT'; steps: string[] }
  | {
      decision: 'POPUP';
      kyc_status: ClientStatus | null;
      tag: 'BANNED' | 'PENDING_FULL' | 'PENDING_EKYC';
      action: 'CONTACT_SUPPORT' | 'WAIT';
    }
  | { decision: 'REGISTER' }
  | { decision: 'EKYC_FLOW' };

/** The answer of the entry call. */
export type EntryAnswer = { shopee_uid: string; biz_id: string } & EntryDecision;

/**
 * Decides what the app shows; the first match wins (kyc-to-money-plus.md, Query and entry).
 *
 * @param record the user
 * @param bizId the business that is entered
 */
export function decideEntry(record: KycRecord, bizId: string): EntryAnswer {
  return { shopee_uid: record.shopeeUid, biz_id: bizId, ...decide(record) };
}

function decide(record: KycRecord): EntryDecision {
  const { account, approved, pending } = record;
  if (!account.activated)
    return { decision: 'CONSENT', steps: ['CONSENT_PAGE', 'SET_PAYMENT_PASSWORD', 'EKYC'] };
  if (account.banned) {
    const status = record.told?.status ?? null;
    return { decision: 'POPUP', kyc_status: status, tag: 'BANNED', action: 'CONTACT_SUPPORT' };
  }
  if (approved?.level === LEVEL.ekyc) return { decision: 'REGISTER' };
  if (pending !== null && pending.level >= LEVEL.full) {
    const tag = pending.level === LEVEL.ekyc ? 'PENDING_EKYC' : 'PENDING_FULL';
    return { decision: 'POPUP', kyc_status: STATUS.pending, tag, action: 'WAIT' };
  }
  // Full KYC, partial KYC, a pending partial case or none at all: the way on is the same.
  return { decision: 'EKYC_FLOW' };
}
