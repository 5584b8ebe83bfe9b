import type {
  CaseApprovedDto,
  CaseRejectedDto,
  CaseSubmittedDto,
  KycCaseEvent,
  PhotoReuploadedDto,
  RecordDeletedDto,
  RefusalCode,
  TypedCloudEvent,
} from '@kyc-relay/contracts';
import { REFUSALS } from '@kyc-relay/contracts';
import { decideInfoChange } from './decide-info-change';
import { apply, causeOf, refuse, type Decision, type DecisionContext } from './decision';
import { isEmptyInfo, pickInfo } from './kyc-info';
import { LEVEL, STATUS, type KycRecord, type PendingCase } from './kyc-record';
import { formatReasons, formatRejectReasons } from './reasons';
import { statusChanged, type UserEvent } from './user-event';

/**
 * Decides what follows from an event of `kyc.case-events.v1`: the status rules (kyc-to-money-plus.md, Status rules, State).
 *
 * @param record the user until now
 * @param event an event whose form is checked, about this user
 * @param context time, decided cases, registry
 */
export function decideCaseEvent(record: KycRecord, event: KycCaseEvent, context: DecisionContext): Decision {
  switch (event.type) {
    case 'kyc.case.submitted':
      return decideSubmission(record, event, context);
    case 'kyc.photo.reuploaded':
      return decidePhoto(record, event, context);
    case 'kyc.case.approved':
      return decideApproval(record, event, context);
    case 'kyc.case.rejected':
      return decideRejection(record, event, context);
    case 'kyc.record.deleted':
      return decideDelete(record, event, context);
    case 'kyc.info.changed':
      return decideInfoChange(record, event, context);
  }
}

function decideSubmission(
  record: KycRecord,
  event: TypedCloudEvent<'kyc.case.submitted', CaseSubmittedDto>,
  context: DecisionContext,
): Decision {
  const { case_id: caseId, level } = event.data;
  const refusal = refuseNewCase(record, caseId, level, context);
  if (refusal !== null) return refuse(refusal, causeOf(event, context.now));
  const info = pickInfo(event.data.info);
  return openCase(record, event, { caseId, level, kind: 'SUBMISSION', info, since: context.now }, context);
}

function decidePhoto(
  record: KycRecord,
  event: TypedCloudEvent<'kyc.photo.reuploaded', PhotoReuploadedDto>,
  context: DecisionContext,
): Decision {
  const caseId = event.data.case_id;
  const refusal =
    record.approved?.level === LEVEL.ekyc
      ? refuseNewCase(record, caseId, LEVEL.ekyc, context)
      : REFUSALS.notApproved;
  if (refusal !== null) return refuse(refusal, causeOf(event, context.now));
  return openCase(
    record,
    event,
    { caseId, level: LEVEL.ekyc, kind: 'PHOTO', info: {}, since: context.now },
    context,
  );
}

function decideApproval(
  record: KycRecord,
  event: TypedCloudEvent<'kyc.case.approved', CaseApprovedDto>,
  context: DecisionContext,
): Decision {
  const { case_id: caseId, decided_by: by } = event.data;
  const cause = causeOf(event, context.now, by);
  const { pending } = record;
  if (pending === null) return refuse(REFUSALS.noPendingCase, cause);
  if (pending.caseId !== caseId) return refuse(REFUSALS.caseMismatch, cause);

  const takesInfo = pending.kind === 'SUBMISSION' && !isEmptyInfo(pending.info);
  const info = takesInfo ? pending.info : (record.approved?.info ?? {});
  const firstEkyc = pending.level === LEVEL.ekyc && !record.seamlessRequested;
  const told = { status: STATUS.approved, level: pending.level };
  const after: KycRecord = {
    ...record,
    version: record.version + 1,
    told,
    approved: { level: pending.level, info },
    pending: null,
    seamlessRequested: record.seamlessRequested || firstEkyc,
  };
  const events: UserEvent[] = [statusChanged(after, told, { time: event.time }, context.businesses)];
  if (firstEkyc) {
    events.push({
      type: 'kyc.seamless-individual-requested',
      value: { shopee_uid: record.shopeeUid, case_id: caseId, requested_at: context.now.toISOString() },
    });
  }
  return apply(record, after, events, cause, caseId);
}

function decideRejection(
  record: KycRecord,
  event: TypedCloudEvent<'kyc.case.rejected', CaseRejectedDto>,
  context: DecisionContext,
): Decision {
  const { case_id: caseId, decided_by: by, retry } = event.data;
  const cause = causeOf(event, context.now, by);
  const { pending } = record;
  if (pending === null) return refuse(REFUSALS.noPendingCase, cause);
  if (pending.caseId !== caseId) return refuse(REFUSALS.caseMismatch, cause);

  const told = { status: STATUS.rejected, level: pending.level };
  const after: KycRecord = { ...record, version: record.version + 1, told, pending: null };
  const details = { time: event.time, reject: formatRejectReasons(event.data, by), retry };
  return apply(record, after, [statusChanged(after, told, details, context.businesses)], cause, caseId);
}

function decideDelete(
  record: KycRecord,
  event: TypedCloudEvent<'kyc.record.deleted', RecordDeletedDto>,
  context: DecisionContext,
): Decision {
  const cause = causeOf(event, context.now);
  if (record.approved === null) return refuse(REFUSALS.nothingToDelete, cause);

  const told = { status: STATUS.deleted, level: record.approved.level };
  // The user starts from nothing: the next eKYC is a first one again. Account and subscriptions are no part of the approval.
  const after: KycRecord = {
    ...record,
    version: record.version + 1,
    told,
    approved: null,
    pending: null,
    seamlessRequested: false,
  };
  const details = { time: event.time, delete: formatReasons(event.data) };
  return apply(record, after, [statusChanged(after, told, details, context.businesses)], cause);
}

/** The refusals of anything that opens a case; the first match wins. */
function refuseNewCase(
  record: KycRecord,
  caseId: string,
  level: number,
  context: DecisionContext,
): RefusalCode | null {
  if (context.decidedBefore(caseId)) return REFUSALS.caseMismatch;
  if (record.pending !== null) return REFUSALS.caseAlreadyPending;
  if (record.approved !== null && level < record.approved.level) return REFUSALS.levelDown;
  return null;
}

function openCase(
  record: KycRecord,
  event: KycCaseEvent,
  pending: PendingCase,
  context: DecisionContext,
): Decision {
  const told = { status: STATUS.pending, level: pending.level };
  const after: KycRecord = { ...record, version: record.version + 1, told, pending };
  const events = [statusChanged(after, told, { time: event.time }, context.businesses)];
  return apply(record, after, events, causeOf(event, context.now));
}
