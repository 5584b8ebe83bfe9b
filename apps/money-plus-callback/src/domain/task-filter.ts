import type { TaskKind, TaskState } from './task';

/** Which tasks an operator means; what is absent does not restrict. */
export interface TaskFilter {
  state?: TaskState;
  bizId?: string;
  shopeeUid?: string;
  kind?: TaskKind;
  /** Created at or after. */
  from?: Date;
  /** Created before. */
  to?: Date;
}

/**
 * Where a page of the list ended: the last task's creation in microseconds, since many share a millisecond; its version,
 * since those of one transaction share even that; and its id.
 */
export interface PageEnd {
  /** Unix microseconds, decimal. */
  createdUs: string;
  /** The version of the change, decimal. */
  version: string;
  taskId: string;
}
