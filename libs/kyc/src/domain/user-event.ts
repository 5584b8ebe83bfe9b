import type {
  InfoChangedDto,
  InfoTarget,
  KycInfoDto,
  SeamlessIndividualRequestedDto,
  StatusChangedDto,
  SubscriptionChangedDto,
  SubscriptionEvent,
} from '@kyc-relay/contracts';
import { IDENTITY_FIELDS, INFO_FIELDS, mask } from '@kyc-relay/contracts';
import type { BusinessRule, KycInfo, KycRecord } from './kyc-record';
import { LEVEL, meetsBusiness } from './kyc-record';
import type { Reasons } from './reasons';
import { NO_REASONS } from './reasons';

type Unidentified<T> = Omit<T, 'event_id'>;

/** An event for `kyc.user-events.v1` that has no id yet. */
export type UserEvent =
  | { readonly type: 'kyc.status-changed'; readonly value: Unidentified<StatusChangedDto> }
  | { readonly type: 'kyc.info-changed'; readonly value: Unidentified<InfoChangedDto> }
  | { readonly type: 'kyc.subscription-changed'; readonly value: Unidentified<SubscriptionChangedDto> }
  | {
      readonly type: 'kyc.seamless-individual-requested';
      readonly value: Unidentified<SeamlessIndividualRequestedDto>;
    };

/** What a status change tells besides what the record knows. */
export interface StatusDetails {
  /** `ce_time` of the cause. */
  readonly time: Date;
  readonly reject?: Reasons;
  readonly delete?: Reasons;
  readonly retry?: boolean | undefined;
}

/**
 * A business that is subscribed but has left the registry is judged by the highest level: its callbacks wait until it is
 * back, and must never say more than is true.
 */
const REQUIRED_OF_UNREGISTERED = LEVEL.ekyc;

/**
 * Builds the event of a status change.
 *
 * @param record the user after the change, with what is told now
 * @param told the status and level told
 * @param details time, reasons, retry
 * @param businesses the registry
 */
export function statusChanged(
  record: KycRecord,
  told: NonNullable<KycRecord['told']>,
  details: StatusDetails,
  businesses: readonly BusinessRule[],
): UserEvent {
  const reject = details.reject ?? NO_REASONS;
  const deleted = details.delete ?? NO_REASONS;
  return {
    type: 'kyc.status-changed',
    value: {
      shopee_uid: record.shopeeUid,
      version: record.version,
      spay_kyc_client_status: told.status,
      spay_kyc_level: told.level,
      spay_reject_reason: reject.text,
      spay_reject_reason_key: reject.keys,
      spay_delete_reason: deleted.text,
      spay_delete_reason_key: deleted.keys,
      change_status_time: toUnixSeconds(details.time),
      ...(details.retry === undefined ? {} : { retry: details.retry }),
      subscriptions: subscribersOf(record, 'KYC_STATUS_CHANGED').map((bizId) => {
        const rule = businesses.find((business) => business.bizId === bizId);
        const requiredLevel = rule?.requiredLevel ?? REQUIRED_OF_UNREGISTERED;
        return { biz_id: bizId, is_meet_business: meetsBusiness(record, requiredLevel) };
      }),
    },
  };
}

/**
 * Builds the event of an info change. Identity numbers are masked. The kind and the number of the document concern no
 * subscription, nor does any change of a pending case.
 *
 * @param record the user after the change
 * @param target which data changed
 * @param changes the new values of the fields that differ
 * @param time `ce_time` of the cause
 */
export function infoChanged(record: KycRecord, target: InfoTarget, changes: KycInfo, time: Date): UserEvent {
  const concernsBusinesses =
    target === 'APPROVED' &&
    INFO_FIELDS.some((field) => changes[field] !== undefined && !isDocumentField(field));
  return {
    type: 'kyc.info-changed',
    value: {
      shopee_uid: record.shopeeUid,
      version: record.version,
      target,
      change_time: toUnixSeconds(time),
      changes: maskIdentity(changes),
      subscriptions: concernsBusinesses
        ? subscribersOf(record, 'KYC_INFO_CHANGED').map((bizId) => ({ biz_id: bizId }))
        : [],
    },
  };
}

/**
 * Says whether a business is called back because of an event; the callback then has the event's id.
 *
 * @param event the event
 */
export function causesCallback(event: UserEvent): boolean {
  return (
    (event.type === 'kyc.status-changed' || event.type === 'kyc.info-changed') &&
    event.value.subscriptions.length > 0
  );
}

/**
 * The value of an event as it is published.
 *
 * @param event the event
 * @param eventId its id, UUIDv7
 */
export function publishedValue(event: UserEvent, eventId: string): UserEvent['value'] & { event_id: string } {
  return { event_id: eventId, ...event.value };
}

function subscribersOf(record: KycRecord, kind: SubscriptionEvent): string[] {
  // Sorted, so that the same record always gives the same bytes.
  return [...record.subscriptions]
    .filter(([, events]) => events.includes(kind))
    .map(([bizId]) => bizId)
    .sort();
}

function isDocumentField(field: string): boolean {
  return field === 'ic_type' || field === 'ic_number';
}

function maskIdentity(changes: KycInfo): KycInfoDto {
  const published: KycInfoDto = {};
  for (const field of INFO_FIELDS) {
    const value = changes[field];
    if (value !== undefined) published[field] = IDENTITY_FIELDS.has(field) ? mask(value) : value;
  }
  return published;
}

/** Unix seconds, the fraction dropped. */
function toUnixSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
