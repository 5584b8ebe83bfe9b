import {
  ACCOUNT_EVENTS,
  KYC_CASE_EVENTS,
  parseEnvelope,
  readEvent,
  type CloudEvent,
  type EventContract,
} from '@kyc-relay/contracts';

/** Most events of one request (`kyc-to-money-plus.md`, Input). */
export const MAX_EVENTS = 1_000;

/** An event of a request, with the topic it belongs on. */
export interface IntakeEvent {
  topic: string;
  key: string;
  event: CloudEvent;
}

/** A wrong field of one event of a request. */
export interface IntakeError {
  index: number;
  field: string;
  message: string;
}

const CONTRACTS: readonly EventContract[] = [KYC_CASE_EVENTS, ACCOUNT_EVENTS];

/** Judges all events of a request; one malformed event refuses the request. */
export function readEventBatch(items: readonly unknown[]): { events: IntakeEvent[]; errors: IntakeError[] } {
  const events: IntakeEvent[] = [];
  const errors: IntakeError[] = [];
  for (const [index, item] of items.entries()) {
    const envelope = parseEnvelope(item);
    if (!envelope.ok) {
      errors.push(...envelope.errors.map((error) => ({ index, ...error })));
      continue;
    }
    const { event } = envelope;
    const contract = CONTRACTS.find((one) => one.types.has(event.type));
    if (!contract) {
      errors.push({ index, field: 'type', message: 'is not a known event type' });
      continue;
    }
    const read = readEvent(contract, event, undefined);
    if (read.ok) events.push({ topic: contract.topic, key: contract.keyOf(read.event.data), event });
    else errors.push(...read.errors.map((error) => ({ index, ...error })));
  }
  return { events, errors };
}
