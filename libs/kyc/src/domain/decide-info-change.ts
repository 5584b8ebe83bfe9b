import type { KycInfoChangedDto, TypedCloudEvent } from '@kyc-relay/contracts';
import { REFUSALS } from '@kyc-relay/contracts';
import { apply, causeOf, ignore, IGNORED_REASONS, refuse, type Cause, type Decision } from './decision';
import { differingInfo, isEmptyInfo, pickInfo } from './kyc-info';
import type { KycInfo, KycRecord } from './kyc-record';
import { infoChanged } from './user-event';

/** A checked `kyc.info.changed`. */
export type InfoChangeEvent = TypedCloudEvent<'kyc.info.changed', KycInfoChangedDto>;

/**
 * Decides what follows from a change of approved or pending data: only fields that differ are a change, and if none does
 * nothing happened.
 *
 * @param record the user until now
 * @param event an event whose form is checked, about this user
 * @param context the time of processing
 */
export function decideInfoChange(
  record: KycRecord,
  event: InfoChangeEvent,
  context: { now: Date },
): Decision {
  const cause = causeOf(event, context.now);
  const proposed = pickInfo(event.data.changes);
  return event.data.target === 'APPROVED'
    ? changeApprovedInfo(record, proposed, event.time, cause)
    : changePendingInfo(record, event, proposed, cause);
}

/**
 * Gives the approved data new values.
 *
 * @param record the user until now
 * @param proposed new values
 * @param time `ce_time` of the cause
 * @param cause what the history says about the cause
 */
export function changeApprovedInfo(record: KycRecord, proposed: KycInfo, time: Date, cause: Cause): Decision {
  const { approved } = record;
  if (approved === null) return refuse(REFUSALS.notApproved, cause);
  const changes = differingInfo(approved.info, proposed);
  if (isEmptyInfo(changes)) return ignore(IGNORED_REASONS.nothingChanged, cause);
  const after: KycRecord = {
    ...record,
    version: record.version + 1,
    approved: { ...approved, info: { ...approved.info, ...changes } },
  };
  return apply(record, after, [infoChanged(after, 'APPROVED', changes, time)], cause);
}

function changePendingInfo(
  record: KycRecord,
  event: InfoChangeEvent,
  proposed: KycInfo,
  cause: Cause,
): Decision {
  const { pending } = record;
  if (pending === null) return refuse(REFUSALS.noPendingCase, cause);
  // Without an id the one pending case is meant.
  if (event.data.case_id !== undefined && event.data.case_id !== pending.caseId) {
    return refuse(REFUSALS.caseMismatch, cause);
  }
  const changes = differingInfo(pending.info, proposed);
  if (isEmptyInfo(changes)) return ignore(IGNORED_REASONS.nothingChanged, cause);
  const after: KycRecord = {
    ...record,
    version: record.version + 1,
    pending: { ...pending, info: { ...pending.info, ...changes } },
  };
  return apply(record, after, [infoChanged(after, 'PENDING', changes, event.time)], cause);
}
