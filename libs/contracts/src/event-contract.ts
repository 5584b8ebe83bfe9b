import { ACCOUNT_EVENT_DTOS } from './account-events.dto';
import { CALLBACK_FINISHED_DTOS } from './callback-finished.dto';
import type { DtoClass } from './compiled-rules';
import { KYC_CASE_EVENT_DTOS } from './kyc-case-events.dto';
import { KYC_USER_EVENT_DTOS } from './kyc-user-events.dto';
import { PAYEE_CHANGED_DTOS, type PayeeChangedDto } from './payee-changed.dto';
import { REVIEW_DECIDED_DTOS, type ReviewDecidedDto } from './review-decided.dto';
import { RISK_CASE_CHANGED_DTOS, type RiskCaseChangedDto } from './risk-case-changed.dto';
import { TOPICS } from './topics';
import type { UnknownFields } from './validate';

/** What may stand on a topic. */
export interface EventContract {
  /** Name of the topic. */
  topic: string;
  /** The event types of the topic, each with the class of its content. */
  types: ReadonlyMap<string, DtoClass>;
  /**
   * Whether a field that the class does not declare refuses the event. Upstream's are refused, so that a typing error is
   * not lost; on our own topics a newer producer may already send more than an older consumer knows.
   */
  unknownFields: UnknownFields;
  /** The Kafka key that belongs to a checked content. */
  keyOf(data: object): string;
}

/** Every event of the KYC half is about one user and keyed by it. */
function userOf(data: object): string {
  return (data as { shopee_uid: string }).shopee_uid;
}

/** `kyc.case-events.v1`: what upstream says about KYC cases. */
export const KYC_CASE_EVENTS: EventContract = {
  topic: TOPICS.kycCaseEvents,
  types: new Map(Object.entries(KYC_CASE_EVENT_DTOS)),
  unknownFields: 'refused',
  keyOf: userOf,
};

/** `account.events.v1`: what upstream says about wallet accounts. */
export const ACCOUNT_EVENTS: EventContract = {
  topic: TOPICS.accountEvents,
  types: new Map(Object.entries(ACCOUNT_EVENT_DTOS)),
  unknownFields: 'refused',
  keyOf: userOf,
};

/** `kyc.user-events.v1`: what changed about a user. */
export const KYC_USER_EVENTS: EventContract = {
  topic: TOPICS.kycUserEvents,
  types: new Map(Object.entries(KYC_USER_EVENT_DTOS)),
  unknownFields: 'ignored',
  keyOf: userOf,
};

/** `money-plus.callback-finished.v1`: ends of callback tasks. */
export const CALLBACK_FINISHED: EventContract = {
  topic: TOPICS.moneyPlusCallbackFinished,
  types: new Map(Object.entries(CALLBACK_FINISHED_DTOS)),
  unknownFields: 'ignored',
  keyOf: userOf,
};

/** `payee.changed.v1`: changes of payees. */
export const PAYEE_CHANGED_EVENTS: EventContract = {
  topic: TOPICS.payeeChanged,
  types: new Map(Object.entries(PAYEE_CHANGED_DTOS)),
  unknownFields: 'ignored',
  keyOf: (data) => (data as PayeeChangedDto).customerNo,
};

/** `review.decided.v1`: steps of KYB and store reviews. */
export const REVIEW_DECIDED_EVENTS: EventContract = {
  topic: TOPICS.reviewDecided,
  types: new Map(Object.entries(REVIEW_DECIDED_DTOS)),
  unknownFields: 'ignored',
  keyOf: (data) => (data as ReviewDecidedDto).merchantClientId,
};

/** `risk.case-changed.v1`: risk cases that were found, or found changed. */
export const RISK_CASE_CHANGED_EVENTS: EventContract = {
  topic: TOPICS.riskCaseChanged,
  types: new Map(Object.entries(RISK_CASE_CHANGED_DTOS)),
  unknownFields: 'ignored',
  keyOf: (data) => (data as RiskCaseChangedDto).flowNo,
};

/** The topics that upstream writes, over Kafka or through `POST /v1/events`. */
export const INPUT_CONTRACTS: readonly EventContract[] = [KYC_CASE_EVENTS, ACCOUNT_EVENTS];

/**
 * Finds the topic that an event type belongs on.
 *
 * @param contracts where to look
 * @param type an event type
 * @returns the contract, or undefined for an unknown type
 */
export function contractOf(contracts: readonly EventContract[], type: string): EventContract | undefined {
  return contracts.find((contract) => contract.types.has(type));
}
