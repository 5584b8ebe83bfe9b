import type { ReasonsDto } from '@kyc-relay/contracts';

/** Why something was rejected or deleted, as it is told. */
export interface Reasons {
  /** The text under "others", or empty. */
  readonly text: string;
  /** The picked keys as a JSON array in a text, or empty. */
  readonly keys: string;
}

/** No reason. */
export const NO_REASONS: Reasons = { text: '', keys: '' };

/** What is told when a rule rejected and gave no reason. */
const AUTO_REJECT: Reasons = { text: 'reject by spp auto', keys: '' };

/**
 * Writes the reasons of an event as they are told; absent, null and empty are the same.
 *
 * @param data what the event says
 */
export function formatReasons(data: Pick<ReasonsDto, 'reason_keys' | 'other_reason'>): Reasons {
  const keys = data.reason_keys ?? [];
  return { text: data.other_reason ?? '', keys: keys.length === 0 ? '' : JSON.stringify(keys) };
}

/**
 * Writes the reasons of a rejection: one by a rule without reasons has a text of its own.
 *
 * @param data what the event says
 * @param decidedBy who rejected
 */
export function formatRejectReasons(
  data: Pick<ReasonsDto, 'reason_keys' | 'other_reason'>,
  decidedBy: 'AUTO' | 'OPS',
): Reasons {
  const reasons = formatReasons(data);
  return decidedBy === 'AUTO' && reasons.text === '' && reasons.keys === '' ? AUTO_REJECT : reasons;
}
