import type { Verdict } from './judge-answer';
import type { RetryPolicy } from './retry';
import type { AttemptCounters, TaskKind } from './task';

/** The first pending task of a lane, as it is sent. */
export interface HeadTask {
  taskId: string;
  /** Event id of the change; `webhook-id` of every attempt. */
  eventId: string;
  kind: TaskKind;
  /** Version of the change, decimal. */
  version: string;
  /** The stored bytes. */
  body: Buffer;
  /** W3C trace context, where there is one: of the change; once it is called, of the attempt. */
  traceparent: string | null;
  attempts: AttemptCounters;
  /** A redriven task that a later change has overtaken meanwhile, and that nobody forced. */
  superseded: boolean;
}

/** A lane that this replica holds by a lease. */
export interface ClaimedLane {
  shopeeUid: string;
  bizId: string;
  /** The endpoint that the head goes to. */
  origin: string;
  /** The replica's name at the claim. */
  owner: string;
  /** Number of this claim of the lane; whoever claims later has a higher one. */
  epoch: string;
  /** When the claim was asked for, on this process's monotonic clock, in milliseconds; the lease is younger. */
  claimedAt: number;
  /** For how long it was asked for, in milliseconds. */
  leaseMs: number;
  /** An operator asked to end the head while a call for it was under way. */
  cancelRequested: boolean;
  /** For the probe of an open circuit: when the lane would have been due; null for an ordinary claim. */
  probeOf: { resumeAt: Date } | null;
  /** Null when the lane turned out to have nothing pending. */
  head: HeadTask | null;
}

/** How a claimed lane comes back. */
export type LaneReturn =
  | {
      kind: 'attempted';
      lane: ClaimedLane;
      head: HeadTask;
      verdict: Verdict;
      /** How the business wanted failures to be retried when it was called. */
      policy: RetryPolicy;
      /** Unix milliseconds. */
      startedAtMs: number;
      durationMs: number;
      retryAfterMs: number | null;
    }
  /** The head ends without a call: cancelled by an operator or overtaken. */
  | { kind: 'cancelled'; lane: ClaimedLane; head: HeadTask; cause: CancelCause }
  /** Nothing was done that counts; the lane is due again as before. */
  | { kind: 'released'; lane: ClaimedLane };

/** Why a task ended CANCELLED; told as `error` in `money-plus.callback-finished`. */
export type CancelCause = 'OPERATOR' | 'SUPERSEDED';
