import type { PhoneChangedEvent } from '@kyc-relay/contracts';
import { changeApprovedInfo } from './decide-info-change';
import { causeOf, ignore, IGNORED_REASONS, type Decision } from './decision';
import { LEVEL, type KycRecord } from './kyc-record';

/**
 * Decides whether the KYC phone follows the phone of the account: only at an approved eKYC, and never with another
 * registration (kyc-to-money-plus.md, Phone change).
 *
 * @param record the user until now
 * @param event an event whose form is checked, about this user
 * @param context the time of processing
 */
export function decidePhoneChange(
  record: KycRecord,
  event: PhoneChangedEvent,
  context: { now: Date },
): Decision {
  const { phone, changed_by: by } = event.data;
  const cause = causeOf(event, context.now, by);
  if (record.approved?.level !== LEVEL.ekyc) return ignore(IGNORED_REASONS.notEkyc, cause);
  if (record.approved.info.phone === phone) return ignore(IGNORED_REASONS.samePhone, cause);
  return changeApprovedInfo(record, { phone }, event.time, cause);
}
