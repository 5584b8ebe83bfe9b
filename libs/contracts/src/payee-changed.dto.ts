import { ArrayUnique, IsArray, IsIn, IsInt, Matches, Min } from 'class-validator';
import { PAYEE_FIELDS, type PayeeField } from './payee-fields';
import { IsEventId, IsText, IsTimestamp } from './rules.decorator';

/** The event type of `payee.changed.v1`. */
export const PAYEE_CHANGED = 'payee.changed';

/** What can happen to a payee (payees.md, Status). */
export const PAYEE_CHANGES = ['REGISTERED', 'UPDATED', 'STATUS_CHANGED', 'DELETED'] as const;
/** What happened to a payee. */
export type PayeeChange = (typeof PAYEE_CHANGES)[number];

/** The statuses of a payee (payees.md, Status). */
export const PAYEE_STATUSES = [
  'Unverified',
  'Pending',
  'Underreview',
  'Activated',
  'Declined',
  'Deactivated',
] as const;
/** The status of a payee. */
export type PayeeStatus = (typeof PAYEE_STATUSES)[number];

/** `payee.changed`: a payee was registered, updated, moved to another status or deleted. It holds no personal value. */
export class PayeeChangedDto {
  /** Id of this event, UUIDv7. */
  @IsEventId()
  event_id!: string;

  /** The payee, 22 digits; the Kafka key. For reviews it is the `merchantClientId`. */
  @Matches(/^\d{22}$/, { message: 'must be 22 digits' })
  customerNo!: string;

  /** The merchant whose payee it is. */
  @IsText({ max: 64 })
  merchantNo!: string;

  /** The store it was registered by. */
  @IsText({ max: 64 })
  storeNo!: string;

  /** Number of this change of the payee, from 1 without gaps. */
  @IsInt()
  @Min(1)
  version!: number;

  /** What happened. */
  @IsIn(PAYEE_CHANGES)
  change!: PayeeChange;

  /** The status after the change; of a deleted payee the last one it had. */
  @IsIn(PAYEE_STATUSES)
  payeeStatus!: PayeeStatus;

  /** Names of the fields that were set or changed; empty when the status changed and when the payee was deleted. */
  @IsArray()
  @ArrayUnique()
  @IsIn(PAYEE_FIELDS, { each: true })
  changedFields!: PayeeField[];

  /** When, RFC 3339 UTC. */
  @IsTimestamp()
  changedTime!: string;
}

/** The contents of `payee.changed.v1` by event type. */
export const PAYEE_CHANGED_DTOS = { [PAYEE_CHANGED]: PayeeChangedDto } as const;
