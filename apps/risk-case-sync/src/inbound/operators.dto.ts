import { MAX_REASON_LENGTH } from '@kyc-relay/access';
import { IsText, MayBeAbsent } from '@kyc-relay/contracts';
import { Matches } from 'class-validator';

/** `POST /v1/sync-runs`. */
export class StartRunsDto {
  /** Why, for the audit log. */
  @IsText({ max: MAX_REASON_LENGTH })
  reason!: string;

  /** The agent whose cases are to be pulled; absent: all. */
  @MayBeAbsent()
  @IsText({ max: 64 })
  firstLevelAgentNum?: string;
}

/** A page of a list. */
export class PageDto {
  /** Most items of the page, 1 to 200; 50 where absent. */
  @MayBeAbsent()
  @Matches(/^(?:[1-9]\d?|1\d\d|200)$/, { message: 'must be a whole number from 1 to 200' })
  limit?: string;

  /** The `next_cursor` of the page before. */
  @MayBeAbsent()
  @IsText({ max: 200 })
  cursor?: string;
}

/** `GET /v1/sync-runs`. */
export class ListRunsDto extends PageDto {
  /** Only runs of this agent. */
  @MayBeAbsent()
  @IsText({ max: 64 })
  firstLevelAgentNum?: string;
}
