/** What a callback tells: a status change or an info change. Each goes to its own URL of the business. */
export const TASK_KINDS = ['STATUS', 'INFO'] as const;
export type TaskKind = (typeof TASK_KINDS)[number];

/** `PENDING` waits for its turn, its retry or its answer; the other three are ends. */
export const TASK_STATES = ['PENDING', 'DELIVERED', 'FAILED', 'CANCELLED'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** How a task can end. */
export type TaskOutcome = Exclude<TaskState, 'PENDING'>;

/** The attempts a task has had. */
export interface AttemptCounters {
  /** Attempts that count against `max_attempts`, over the task's whole life. */
  counted: number;
  /** All attempts on record, those that do not count included; the next one's number is this plus one. */
  recorded: number;
  /** How many had counted when the task was last redriven: a redrive grants `max_attempts` more. */
  countedBefore: number;
}
