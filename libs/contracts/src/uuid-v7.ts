import { randomFillSync } from 'node:crypto';

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const RANDOM_BYTES = 10;
/** One call into the system's generator serves this many ids; the call costs more than all the rest. */
const IDS_PER_REFILL = 409;

/**
 * Builds a UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits. Ids of one millisecond have no order
 * among them.
 *
 * @param nowMs the time in Unix milliseconds
 * @param random at least 10 random bytes
 * @returns the id in lower case
 */
export function uuidv7(nowMs: number, random: Uint8Array): string {
  const high = Math.floor(nowMs / 0x1_0000_0000);
  const low = nowMs % 0x1_0000_0000;
  const byte = (index: number): number => random[index] ?? 0;
  const hex = (value: number): string => HEX[value & 0xff] ?? '';
  const seven = hex(0x70 | (byte(0) & 0x0f));
  const variant = hex(0x80 | (byte(2) & 0x3f));
  return (
    `${hex(high >>> 8)}${hex(high)}${hex(low >>> 24)}${hex(low >>> 16)}-${hex(low >>> 8)}${hex(low)}-` +
    `${seven}${hex(byte(1))}-${variant}${hex(byte(3))}-` +
    `${hex(byte(4))}${hex(byte(5))}${hex(byte(6))}${hex(byte(7))}${hex(byte(8))}${hex(byte(9))}`
  );
}

const pool = new Uint8Array(RANDOM_BYTES * IDS_PER_REFILL);
let used = pool.length;

/** Makes the id of an event of ours: a UUIDv7 of now. */
export function newEventId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  return uuidv7(Date.now(), random);
}
