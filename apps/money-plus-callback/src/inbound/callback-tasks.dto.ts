import { IsText, IsTimestamp, IsUpstreamId, MayBeAbsent } from '@kyc-relay/contracts';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, Matches, ValidateNested } from 'class-validator';
import { MAX_REASON_LENGTH } from '@kyc-relay/access';
import { TASK_KINDS, TASK_STATES, type TaskKind, type TaskState } from '../domain/task';

/** Which tasks are meant; what is left out does not restrict. */
export class TaskFilterDto {
  /** `PENDING`, `DELIVERED`, `FAILED` or `CANCELLED`. */
  @MayBeAbsent()
  @IsIn(TASK_STATES, { message: `must be one of ${TASK_STATES.join(', ')}` })
  state?: TaskState;

  /** The business that is called. */
  @MayBeAbsent()
  @IsText({ max: 256 })
  biz_id?: string;

  /** The user. */
  @MayBeAbsent()
  @IsUpstreamId()
  shopee_uid?: string;

  /** `STATUS` or `INFO`. */
  @MayBeAbsent()
  @IsIn(TASK_KINDS, { message: `must be one of ${TASK_KINDS.join(', ')}` })
  kind?: TaskKind;

  /** Created at or after, RFC 3339. */
  @MayBeAbsent()
  @IsTimestamp()
  from?: string;

  /** Created before, RFC 3339. */
  @MayBeAbsent()
  @IsTimestamp()
  to?: string;
}

/** Query of the list of tasks. */
export class ListTasksDto extends TaskFilterDto {
  /** Tasks a page, 1 to 200; 50 unless said. */
  @MayBeAbsent()
  @Matches(/^(?:[1-9]\d?|1\d\d|200)$/, { message: 'must be a whole number from 1 to 200' })
  limit?: string;

  /** `next_cursor` of the page before. */
  @MayBeAbsent()
  @IsText({ max: 256 })
  cursor?: string;
}

/** Body of an action on one task. */
export class CancelTaskDto {
  /** Why, in the operator's words; for the audit log. */
  @IsText({ max: MAX_REASON_LENGTH })
  reason!: string;
}

/** Body of a redrive of one task. */
export class RedriveTaskDto extends CancelTaskDto {
  /** Send it though a later change was delivered or is pending. */
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  force?: boolean;
}

/** Body of a cancel by filter. */
export class CancelTasksDto extends CancelTaskDto {
  /** Which tasks; not empty. */
  @ValidateNested()
  @Type(() => TaskFilterDto)
  filter!: TaskFilterDto;

  /** Only say what would be done. */
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  dry_run?: boolean;
}

/** Body of a redrive by filter. */
export class RedriveTasksDto extends CancelTasksDto {
  /** Send them though later changes were delivered or are pending. */
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  force?: boolean;
}
