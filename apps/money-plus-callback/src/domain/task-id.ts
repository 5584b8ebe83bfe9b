import { sha256Hex } from '@kyc-relay/crypto';

/**
 * The id of the task that tells a business about an event: a UUID version 8 made of both, so that the same fact can never
 * make two tasks. It keeps the event id's leading time, so that ids of a time stand together in the index.
 *
 * @param eventId a UUID
 */
export function taskIdOf(eventId: string, bizId: string): string {
  const id = eventId.toLowerCase();
  const hash = sha256Hex(`${id}\n${bizId}`);
  const variant = ((parseInt(hash.slice(4, 5), 16) & 0x3) | 0x8).toString(16);
  return `${id.slice(0, 13)}-8${hash.slice(1, 4)}-${variant}${hash.slice(5, 8)}-${hash.slice(8, 20)}`;
}
