import type {
  AccountStateEvent,
  CloudEvent,
  InfoChangedDto,
  KycCaseEvent,
  Level,
  PhoneChangedEvent,
  StatusChangedDto,
} from '@kyc-relay/contracts';
import { parseTimestamp } from '@kyc-relay/contracts';
import { decideAccountEvent } from './decide-account-event';
import { decideCaseEvent } from './decide-case-event';
import { decidePhoneChange } from './decide-phone-change';
import { decideSubscription, type SubscriptionRequest } from './decide-subscription';
import type { Decision } from './decision';
import { newRecord, type BusinessRule, type KycInfo, type KycRecord } from './kyc-record';
import type { UserEvent } from './user-event';

/** What the specs share: events in short form, and their decision one after the other on frozen records. */

type CaseData<K extends KycCaseEvent['type']> = Omit<
  Extract<KycCaseEvent, { type: K }>['data'],
  'shopee_uid'
>;

/** Anything that can happen to a user. */
export type Step =
  | { to: 'case'; event: KycCaseEvent }
  | { to: 'account'; event: AccountStateEvent }
  | { to: 'phone'; event: PhoneChangedEvent }
  | { to: 'subscription'; request: SubscriptionRequest };

export const UID = '10086';
/** `ce_time` of all events: 1666752863.999 s. */
export const TIME = instant('2022-10-26T02:54:23.999Z');
export const UNIX_SECONDS = 1_666_752_863;
/** The time of processing. */
export const NOW = instant('2022-10-26T05:00:00.000Z');

export const BUSINESSES: readonly BusinessRule[] = [
  { bizId: 'MONEY_PLUS', requiredLevel: 300 },
  { bizId: 'LENDING', requiredLevel: 200 },
];

export const INFO: Required<KycInfo> = {
  name: 'Tan Mei Ling',
  phone: '+60123456789',
  gender: 'F',
  date_of_birth: '1990-05-17',
  nationality: 'MY',
  address: '12 Jalan Bukit',
  mailing_address: 'P.O. Box 7',
  industry_code: 'IND_017',
  occupation_code: 'OCC_204',
  ic_type: 'MYKAD',
  ic_number: '900517-14-5678',
};

export const submit = (case_id: string, level: Level, info?: KycInfo): Step =>
  caseStep('kyc.case.submitted', { case_id, level, ...(info === undefined ? {} : { info }) });
export const photo = (case_id: string): Step => caseStep('kyc.photo.reuploaded', { case_id });
export const approve = (case_id: string, decided_by: 'AUTO' | 'OPS' = 'OPS'): Step =>
  caseStep('kyc.case.approved', { case_id, decided_by });
export const reject = (
  case_id: string,
  decided_by: 'AUTO' | 'OPS' = 'OPS',
  more: Partial<CaseData<'kyc.case.rejected'>> = {},
): Step => caseStep('kyc.case.rejected', { case_id, decided_by, ...more });
export const remove = (more: CaseData<'kyc.record.deleted'> = {}): Step =>
  caseStep('kyc.record.deleted', more);
export const changeInfo = (target: 'APPROVED' | 'PENDING', changes: KycInfo, case_id?: string): Step =>
  caseStep('kyc.info.changed', { target, changes, ...(case_id === undefined ? {} : { case_id }) });
export const account = (type: AccountStateEvent['type']): Step => ({
  to: 'account',
  event: { ...envelope(type), data: { shopee_uid: UID } },
});
export const changePhone = (phone: string): Step => ({
  to: 'phone',
  event: { ...envelope('account.phone-changed'), data: { shopee_uid: UID, phone, changed_by: 'user' } },
});
export const subscribe = (bizId = 'MONEY_PLUS', events?: SubscriptionRequest['events']): Step => ({
  to: 'subscription',
  request: { action: 'SUBSCRIBE', bizId, events },
});
export const unsubscribe = (bizId = 'MONEY_PLUS', events?: SubscriptionRequest['events']): Step => ({
  to: 'subscription',
  request: { action: 'UNSUBSCRIBE', bizId, events },
});

/** Approved at a level with all info, by case `given-<level>`. */
export const approvedAt = (level: Level): Step[] => [
  submit(`given-${level}`, level, INFO),
  approve(`given-${level}`),
];

/** What a series of steps led to. */
export interface Played {
  record: KycRecord;
  decisions: Decision[];
  /** Cases decided so far. */
  decided: ReadonlySet<string>;
}

/**
 * Decides steps one after the other. Records and events are frozen, so that changing one in place fails.
 *
 * @param steps what happens
 * @param start where to go on from
 */
export function play(steps: readonly Step[], start?: Played): Played {
  const decided = new Set(start?.decided);
  const decisions: Decision[] = [];
  let record = deepFreeze(start?.record ?? newRecord(UID));
  for (const step of steps) {
    const decision = deepFreeze(decideStep(record, deepFreeze(step), decided));
    decisions.push(decision);
    if (decision.kind !== 'APPLIED') continue;
    record = decision.record;
    if (decision.decidedCaseId !== undefined) decided.add(decision.decidedCaseId);
  }
  return { record, decisions, decided };
}

/** Decides steps and gives the decision about the last one. */
export function lastDecision(steps: readonly Step[]): Decision {
  const last = play(steps).decisions.at(-1);
  if (last === undefined) throw new Error('no step');
  return last;
}

/** The events of the last step. */
export function lastEvents(steps: readonly Step[]): readonly UserEvent[] {
  const decision = lastDecision(steps);
  return decision.kind === 'APPLIED' ? decision.events : [];
}

/** The status change that the last step tells. */
export function lastStatus(steps: readonly Step[]): Omit<StatusChangedDto, 'event_id'> {
  const event = lastEvents(steps).find((candidate) => candidate.type === 'kyc.status-changed');
  if (event === undefined) throw new Error('the last step tells no status change');
  return event.value;
}

/** The info change that the last step tells. */
export function lastInfoChange(steps: readonly Step[]): Omit<InfoChangedDto, 'event_id'> {
  const event = lastEvents(steps).find((candidate) => candidate.type === 'kyc.info-changed');
  if (event === undefined) throw new Error('the last step tells no info change');
  return event.value;
}

/** The code or reason of the last decision, or APPLIED. */
export function lastOutcome(steps: readonly Step[]): string {
  const decision = lastDecision(steps);
  switch (decision.kind) {
    case 'REFUSED':
      return decision.code;
    case 'IGNORED':
      return decision.reason;
    case 'APPLIED':
      return 'APPLIED';
  }
}

function decideStep(record: KycRecord, step: Step, decided: ReadonlySet<string>): Decision {
  switch (step.to) {
    case 'case':
      return decideCaseEvent(record, step.event, {
        now: NOW,
        businesses: BUSINESSES,
        decidedBefore: (caseId) => decided.has(caseId),
      });
    case 'account':
      return decideAccountEvent(record, step.event, { now: NOW });
    case 'phone':
      return decidePhoneChange(record, step.event, { now: NOW });
    case 'subscription':
      return decideSubscription(record, step.request, { now: NOW });
  }
}

function caseStep<K extends KycCaseEvent['type']>(type: K, data: CaseData<K>): Step {
  // The pairing of type and data is checked by the signature; TypeScript cannot carry it through the union.
  return {
    to: 'case',
    event: { ...envelope(type), data: { shopee_uid: UID, ...data } } as unknown as KycCaseEvent,
  };
}

function envelope<K extends string>(type: K): Omit<CloudEvent, 'data'> & { type: K } {
  return { id: 'e-1', source: '/upstream', type, time: TIME };
}

function instant(text: string): Date {
  const time = parseTimestamp(text);
  if (time === null) throw new Error(`${text} is not a timestamp`);
  return time;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (value instanceof Map) {
    // A frozen map still takes entries, so its ways to change are closed one by one.
    const closed = (): never => {
      throw new TypeError('the map is frozen');
    };
    Object.assign(value, { set: closed, delete: closed, clear: closed });
  }
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
