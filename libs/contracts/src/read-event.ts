import type { CloudEvent } from './cloud-event';
import type { EventContract } from './event-contract';
import type { FieldError } from './problem';
import { REFUSALS } from './refusals';
import { validateDto } from './validate';

/** An event that fits its contract, or why it does not: the code, the first wrong field, and all of them. */
export type ReadEvent<T extends object = object> =
  | { ok: true; event: CloudEvent<T> }
  | {
      ok: false;
      code: typeof REFUSALS.eventInvalid | typeof REFUSALS.eventUnknownType;
      /** The first wrong field, for `dlq-detail`; never a value. */
      detail: string;
      errors: FieldError[];
    };

/**
 * Checks the type and the content of an event against the contract of its topic.
 *
 * @param contract what may stand on the topic
 * @param event an event whose envelope is checked
 * @param key the Kafka key, which must be the one that belongs to the content; `undefined` where the event has not been
 *   keyed yet, as over HTTP
 * @returns the event with its content as an instance of the contract's class, or `event.unknown-type` or `event.invalid`
 */
export function readEvent<T extends object = object>(
  contract: EventContract,
  event: CloudEvent,
  key: string | null | undefined,
): ReadEvent<T> {
  const dto = contract.types.get(event.type);
  if (dto === undefined) {
    const errors = [{ field: 'type', message: `is not a type of ${contract.topic}` }];
    return { ok: false, code: REFUSALS.eventUnknownType, detail: 'type', errors };
  }
  const checked = validateDto(dto, event.data, 'data', contract.unknownFields);
  if (!checked.ok) return refuse(checked.errors);
  if (key !== undefined && key !== contract.keyOf(checked.value)) {
    return refuse([{ field: 'key', message: 'must be the key that belongs to the data' }]);
  }
  // Not spread: objects of one shape are cheap to make and to read, and these are made of every message.
  const { id, source, type, time, subject } = event;
  return { ok: true, event: { id, source, type, time, subject, data: checked.value as T } };
}

function refuse(errors: FieldError[]): ReadEvent<never> {
  return { ok: false, code: REFUSALS.eventInvalid, detail: errors[0]?.field ?? 'data', errors };
}
