import { isSafeText, UNSAFE_TEXT_MESSAGE } from '@kyc-relay/contracts';

/** Longest reason of an operator, in characters. */
export const MAX_REASON_LENGTH = 500;

/** A reason fit for the audit log, or what is wrong with the field `reason`. */
export type ReasonVerdict = { ok: true; reason: string } | { ok: false; field: 'reason'; message: string };

/** Reads the mandatory reason of an operator's action: a text that is not blank; white space around it goes. */
export function parseReason(given: unknown): ReasonVerdict {
  if (given === undefined || given === null) return refuse('is missing');
  if (typeof given !== 'string') return refuse('must be a text');
  const reason = given.trim();
  if (reason === '') return refuse('must not be blank');
  if (!isSafeText(reason)) return refuse(UNSAFE_TEXT_MESSAGE);
  if (lengthOf(reason) > MAX_REASON_LENGTH)
    return refuse(`must have at most ${MAX_REASON_LENGTH} characters`);
  return { ok: true, reason };
}

/** Unicode characters, as Postgres counts them. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

function refuse(message: string): ReasonVerdict {
  return { ok: false, field: 'reason', message };
}
