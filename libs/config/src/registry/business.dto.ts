import 'reflect-metadata';
import { INFO_FIELDS, MayBeAbsent } from '@kyc-relay/contracts';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsInt, Matches, ValidateNested } from 'class-validator';
import { IsHttpUrl, IsRate, IsSecrets, IsWholeNumber, type Secrets } from './registry-rules.decorator';

/** KYC levels a business can ask for: partial, full, eKYC (kyc-to-money-plus.md, "Words"). */
const LEVELS = [100, 200, 300] as const;

/** Always in the query's answer. They may be listed too, which changes nothing. */
const ALWAYS_ANSWERED = ['has_pending_case', 'spay_kyc_level', 'spay_kyc_client_status', 'is_meet_business'];

/** How callbacks to a business are delivered. */
export class Delivery {
  /** Failed attempts after which a task is FAILED. */
  @MayBeAbsent()
  @IsWholeNumber(1, 1000)
  max_attempts = 20;

  /** First delay between attempts, in milliseconds; it doubles with each. */
  @MayBeAbsent()
  @IsWholeNumber(1, 86_400_000)
  base_delay_ms = 1000;

  /** Longest delay between attempts, in milliseconds; also bounds `Retry-After`. */
  @MayBeAbsent()
  @IsWholeNumber(1, 86_400_000)
  max_delay_ms = 600_000;

  /** Time to connect, in milliseconds. */
  @MayBeAbsent()
  @IsWholeNumber(1, 600_000)
  connect_timeout_ms = 3000;

  /** Time of a whole call, in milliseconds. */
  @MayBeAbsent()
  @IsWholeNumber(1, 600_000)
  timeout_ms = 7000;

  /** Connections that a replica opens at most. */
  @MayBeAbsent()
  @IsWholeNumber(1, 1000)
  max_connections = 32;
}

/** A business that consumes KYC, such as Money+ (platform.md, "Partner registry"). */
export class Business {
  /** Its id; also the value of `X-Airpay-ClientId`, hence visible ASCII. */
  @Matches(/^[\x21-\x7e]{1,64}$/, { message: 'must be 1 to 64 visible ASCII characters' })
  biz_id!: string;

  /** Approved level that a user needs to meet it: 100, 200 or 300. */
  @MayBeAbsent()
  @IsIn(LEVELS, { message: `must be one of ${LEVELS.join(', ')}` })
  required_level: (typeof LEVELS)[number] = 300;

  /** Its shared secrets, for both directions. */
  @IsSecrets()
  secrets!: Secrets;

  /** Where status changes are called back. */
  @IsHttpUrl()
  status_callback_url!: string;

  /** Where info changes are called back. */
  @IsHttpUrl()
  info_callback_url!: string;

  /** Whether its callback URLs may lead to private or link-local addresses. */
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  allow_private_addresses = false;

  /** The `info` fields that its queries are answered with, beside those always there. */
  @MayBeAbsent()
  @IsIn([...INFO_FIELDS, ...ALWAYS_ANSWERED], {
    each: true,
    message: `must be one of ${INFO_FIELDS.join(', ')}`,
  })
  query_fields: string[] = [];

  /** How far the timestamp of its requests may be off, either way, in seconds. */
  @MayBeAbsent()
  @IsWholeNumber(1, 86_400)
  timestamp_tolerance_seconds = 300;

  /** Whether it may leave the Standard Webhooks headers out; its requests can then be replayed. */
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  legacy_signature_only = false;

  /** Its `retcode`s after which a callback is not tried again. */
  @MayBeAbsent()
  @IsInt({ each: true, message: 'must be a whole number' })
  final_retcodes: number[] = [];

  /** Requests per second that it may send us; 0 for no limit. */
  @MayBeAbsent()
  @IsRate()
  requests_per_second = 0;

  /** How its callbacks are delivered. */
  @MayBeAbsent()
  @ValidateNested()
  @Type(() => Delivery)
  delivery: Delivery = new Delivery();
}
