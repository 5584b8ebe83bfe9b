import type { Verdict } from './judge-answer';
import { delayBeforeRetry, type RetryPolicy } from './retry';
import type { AttemptCounters, TaskOutcome } from './task';

/** What one attempt means for its task. */
export interface AttemptFacts {
  verdict: Verdict;
  /** The task's attempts before this one. */
  before: AttemptCounters;
  /** Whether this attempt counts (see the circuit). */
  counted: boolean;
  /** An operator asked, during the call, to end the task. */
  cancelRequested: boolean;
  /** What the receiver asked for on 429 or 503, or null. */
  retryAfterMs: number | null;
}

/** The task's next state: an end, or one more try after a wait (null: as soon as its endpoint may be called). */
export type Conclusion = { state: TaskOutcome } | { state: 'PENDING'; waitMs: number | null };

/**
 * Decides the task's next state after an attempt.
 * @param random uniform in [0, 1), for the jitter of a retry
 */
export function concludeAttempt(facts: AttemptFacts, policy: RetryPolicy, random: number): Conclusion {
  const { verdict, before, counted } = facts;
  if (verdict.delivered) return { state: 'DELIVERED' };
  if (facts.cancelRequested) return { state: 'CANCELLED' };
  if (verdict.final) return { state: 'FAILED' };
  if (!counted) return { state: 'PENDING', waitMs: null };
  const failures = before.counted - before.countedBefore + 1;
  if (failures >= policy.maxAttempts) return { state: 'FAILED' };
  return { state: 'PENDING', waitMs: delayBeforeRetry(failures, policy, random, facts.retryAfterMs) };
}
