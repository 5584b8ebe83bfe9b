import { MAX_REASON_LENGTH } from '@kyc-relay/access';
import { IsText, MayBeAbsent, PAYEE_STATUSES, type PayeeStatus } from '@kyc-relay/contracts';
import { IsIn, Matches } from 'class-validator';

const STATUS = { message: `must be one of ${PAYEE_STATUSES.join(', ')}` };

/** Query of a page. */
export class PageDto {
  /** Items a page, 1 to 200; 50 unless said. */
  @MayBeAbsent()
  @Matches(/^(?:[1-9]\d?|1\d\d|200)$/, { message: 'must be a whole number from 1 to 200' })
  limit?: string;

  /** `next_cursor` of the page before. */
  @MayBeAbsent()
  @IsText({ max: 256 })
  cursor?: string;
}

/** Query of the list of payees. */
export class ListPayeesDto extends PageDto {
  /** Only payees in this status. */
  @MayBeAbsent()
  @IsIn(PAYEE_STATUSES, STATUS)
  status?: PayeeStatus;

  /** Only payees of this merchant. */
  @MayBeAbsent()
  @IsText({ max: 64 })
  merchantNo?: string;
}

/** Body of `POST /v1/payees/{customerNo}/status`. */
export class ChangeStatusDto {
  /** Where to. */
  @IsIn(PAYEE_STATUSES, STATUS)
  status!: PayeeStatus;

  /** Why, in the operator's words; for the audit log. */
  @IsText({ max: MAX_REASON_LENGTH })
  reason!: string;
}
