/** Topics that upstream publishes to (kyc-to-money-plus.md, Input). */
export const UPSTREAM_TOPICS = {
  kycCaseEvents: 'kyc.case-events.v1',
  accountEvents: 'account.events.v1',
} as const;

/** Source that the simulated upstream names when a stamp brings none. */
export const UPSTREAM_SOURCE = '/simulated/kyc-upstream';

/** Identity and time of one event; given in, so that a run can be repeated exactly. */
export interface EventStamp {
  /** `ce_id`, at most 256 characters. */
  id: string;
  /** `ce_time`, RFC 3339. */
  time: string;
  /** `ce_source`; UPSTREAM_SOURCE where left out. */
  source?: string;
}

/** One event as upstream means it, before it is encoded for Kafka or HTTP. */
export interface UpstreamEvent {
  topic: string;
  /** Kafka key; the `shopee_uid` in a well-formed event. */
  key: string;
  id: string;
  source: string;
  type: string;
  /** RFC 3339. */
  time: string;
  data: Record<string, unknown>;
}

/** The eleven fields of `info`, each optional. */
export interface InfoFields {
  name?: string;
  phone?: string;
  gender?: string;
  date_of_birth?: string;
  nationality?: string;
  address?: string;
  mailing_address?: string;
  industry_code?: string;
  occupation_code?: string;
  ic_type?: string;
  ic_number?: string;
}

/** Who decided a case. */
export type DecidedBy = 'AUTO' | 'OPS';

interface OfUser {
  shopee_uid: string;
}

interface OfCase extends OfUser {
  case_id: string;
}

interface Reasons {
  reason_keys?: string[];
  other_reason?: string;
}

/** `kyc.case.submitted` */
export function caseSubmitted(
  stamp: EventStamp,
  data: OfCase & { level: number; region?: string; info?: InfoFields },
): UpstreamEvent {
  return upstreamEvent('kyc.case.submitted', stamp, data);
}

/** `kyc.case.approved` */
export function caseApproved(stamp: EventStamp, data: OfCase & { decided_by: DecidedBy }): UpstreamEvent {
  return upstreamEvent('kyc.case.approved', stamp, data);
}

/** `kyc.case.rejected` */
export function caseRejected(
  stamp: EventStamp,
  data: OfCase & Reasons & { decided_by: DecidedBy; retry?: boolean },
): UpstreamEvent {
  return upstreamEvent('kyc.case.rejected', stamp, data);
}

/** `kyc.photo.reuploaded` */
export function photoReuploaded(stamp: EventStamp, data: OfCase): UpstreamEvent {
  return upstreamEvent('kyc.photo.reuploaded', stamp, data);
}

/** `kyc.record.deleted` */
export function recordDeleted(stamp: EventStamp, data: OfUser & Reasons): UpstreamEvent {
  return upstreamEvent('kyc.record.deleted', stamp, data);
}

/** `kyc.info.changed`; `case_id` belongs to a PENDING target. */
export function infoChanged(
  stamp: EventStamp,
  data: OfUser & { target: 'APPROVED' | 'PENDING'; case_id?: string; changes: InfoFields },
): UpstreamEvent {
  return upstreamEvent('kyc.info.changed', stamp, data);
}

/** `account.activated` */
export function accountActivated(stamp: EventStamp, data: OfUser): UpstreamEvent {
  return upstreamEvent('account.activated', stamp, data);
}

/** `account.banned` */
export function accountBanned(stamp: EventStamp, data: OfUser): UpstreamEvent {
  return upstreamEvent('account.banned', stamp, data);
}

/** `account.unbanned` */
export function accountUnbanned(stamp: EventStamp, data: OfUser): UpstreamEvent {
  return upstreamEvent('account.unbanned', stamp, data);
}

/** `account.phone-changed` */
export function phoneChanged(
  stamp: EventStamp,
  data: OfUser & { phone: string; previous_phone?: string; changed_by: string },
): UpstreamEvent {
  return upstreamEvent('account.phone-changed', stamp, data);
}

/**
 * Any event, also one that upstream should never send: nothing is checked. The topic follows from the type's first
 * word, the key is the `shopee_uid` where that is a text.
 */
export function upstreamEvent(type: string, stamp: EventStamp, data: object): UpstreamEvent {
  const fields = { ...data } as Record<string, unknown>;
  return {
    topic: type.startsWith('account.') ? UPSTREAM_TOPICS.accountEvents : UPSTREAM_TOPICS.kycCaseEvents,
    key: typeof fields.shopee_uid === 'string' ? fields.shopee_uid : '',
    id: stamp.id,
    source: stamp.source ?? UPSTREAM_SOURCE,
    type,
    time: stamp.time,
    data: fields,
  };
}
