import {
  ACCOUNT_EVENTS,
  CALLBACK_FINISHED,
  contractOf,
  KYC_CASE_EVENTS,
  KYC_USER_EVENTS,
  PAYEE_CHANGED_EVENTS,
  REVIEW_DECIDED_EVENTS,
  RISK_CASE_CHANGED_EVENTS,
} from './event-contract';
import { GOLDEN_NAMES, goldenMessage } from './golden';
import { binaryHeaders, parseCloudEvent, peekType } from './kafka-message';
import { readEvent } from './read-event';

const CONTRACTS = [
  KYC_CASE_EVENTS,
  ACCOUNT_EVENTS,
  KYC_USER_EVENTS,
  CALLBACK_FINISHED,
  PAYEE_CHANGED_EVENTS,
  REVIEW_DECIDED_EVENTS,
  RISK_CASE_CHANGED_EVENTS,
];

describe('golden messages', () => {
  it('exist for every event type of the contracts', () => {
    expect([...GOLDEN_NAMES].sort()).toEqual(
      CONTRACTS.flatMap((contract) => [...contract.types.keys()]).sort(),
    );
  });

  it.each(GOLDEN_NAMES)('%s fits its contract, with no field unknown', (name) => {
    const message = goldenMessage(name);
    const contract = contractOf(CONTRACTS, name);
    expect(contract?.topic).toBe(message.topic);
    const value = Buffer.from(JSON.stringify(message.value));
    const parsed = parseCloudEvent(message.headers, value);
    if (!parsed.ok || contract === undefined) throw new Error(JSON.stringify(parsed));
    expect(peekType(message.headers, value)).toBe(name);
    expect(binaryHeaders(parsed.event)).toEqual(message.headers);

    const read = readEvent({ ...contract, unknownFields: 'refused' }, parsed.event, message.key);
    expect(read).toMatchObject({ ok: true });
    expect(read.ok && { ...read.event.data }).toEqual(message.value);
  });

  it.each(GOLDEN_NAMES.filter((name) => 'event_id' in goldenMessage(name).value))(
    '%s has one id, in header and value',
    (name) => {
      const message = goldenMessage(name);
      expect(message.headers['ce_id']).toBe(message.value['event_id']);
      expect(message.headers['ce_subject']).toBe(message.key);
    },
  );
});
