import { IsIn, IsInt, IsOptional, Min } from 'class-validator';
import { IsEventId, IsText, IsTimestamp, IsUpstreamId } from './rules.decorator';

/** What a callback tells: a status or an info change. */
export const CALLBACK_KINDS = ['STATUS', 'INFO'] as const;
/** What a callback tells. */
export type CallbackKind = (typeof CALLBACK_KINDS)[number];

/** How a callback task can end. */
export const CALLBACK_OUTCOMES = ['DELIVERED', 'FAILED', 'CANCELLED'] as const;
/** How a callback task ended. */
export type CallbackOutcome = (typeof CALLBACK_OUTCOMES)[number];

/** `money-plus.callback-finished`: a callback task ended; once for each time it ends. */
export class CallbackFinishedDto {
  /** Id of this event, UUIDv7. */
  @IsEventId()
  event_id!: string;

  /** The task. */
  @IsText({ max: 64 })
  task_id!: string;

  /** The `event_id` of the callback, which is that of the change that caused it. */
  @IsEventId()
  callback_event_id!: string;

  /** The business that was called. */
  @IsText({ max: 256 })
  biz_id!: string;

  /** The user. */
  @IsUpstreamId()
  shopee_uid!: string;

  /** What the callback tells. */
  @IsIn(CALLBACK_KINDS)
  kind!: CallbackKind;

  /** How it ended. */
  @IsIn(CALLBACK_OUTCOMES)
  outcome!: CallbackOutcome;

  /** Attempts that counted, over all rounds. */
  @IsInt()
  @Min(0)
  attempt_count!: number;

  /** When it ended, RFC 3339 UTC. */
  @IsTimestamp()
  finished_at!: string;

  /** Error class of the last attempt, or why it was cancelled; absent when delivered. */
  @IsOptional()
  @IsText({ max: 64 })
  error?: string;
}

/** The contents of `money-plus.callback-finished.v1` by event type. */
export const CALLBACK_FINISHED_DTOS = { 'money-plus.callback-finished': CallbackFinishedDto } as const;
