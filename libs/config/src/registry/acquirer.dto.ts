import 'reflect-metadata';
import { IsText, MayBeAbsent } from '@kyc-relay/contracts';
import { Type } from 'class-transformer';
import { ArrayNotEmpty, IsBoolean, ValidateNested } from 'class-validator';
import {
  IsAddressRange,
  IsHttpUrl,
  IsLocalTime,
  IsRate,
  IsSecrets,
  IsTimeZone,
  IsWholeNumber,
  type Secrets,
} from './registry-rules.decorator';

/** A first-level agent whose risk cases we copy. */
export class Agent {
  /** Its number. */
  @IsText({ max: 64 })
  firstLevelAgentNum!: string;

  /** Whether pushes about it are taken without a signature. */
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  unsigned_push = false;

  /** Addresses and ranges that unsigned pushes come from; empty for any. */
  @MayBeAbsent()
  @IsAddressRange({ each: true })
  source_addresses: string[] = [];
}

/** An acquirer whose risk cases we copy (platform.md, "Partner registry"; risk-cases.md, "Pull"). */
export class Acquirer {
  /** Our name for it. */
  @IsText({ max: 64 })
  name!: string;

  /** Its query. */
  @IsHttpUrl()
  query_url!: string;

  /** Our account there. */
  @IsText({ max: 128 })
  accessid!: string;

  /** The account's keys: the first signs our queries, all verify its pushes. */
  @IsSecrets()
  access_keys!: Secrets;

  /** The time zone of its times. */
  @MayBeAbsent()
  @IsTimeZone()
  timezone = 'Asia/Shanghai';

  /** Requests per second that we send it at most, over all replicas. */
  @MayBeAbsent()
  @IsRate({ positive: true })
  requests_per_second = 10;

  /** Pause between two runs, in seconds. */
  @MayBeAbsent()
  @IsWholeNumber(1, 86_400)
  interval_seconds = 60;

  /** How far a window of creation times reaches back behind the last one, in seconds. */
  @MayBeAbsent()
  @IsWholeNumber(1, 2_592_000)
  overlap_seconds = 3600;

  /** How long a final case is still asked for after it was last seen changed, in days. */
  @MayBeAbsent()
  @IsWholeNumber(0, 3650)
  final_lookback_days = 30;

  /** Start of the first window, in its time zone; the default lies before any case. */
  @MayBeAbsent()
  @IsLocalTime()
  first_window_start = '2000-01-01 00:00:00';

  /** Time of a whole request, in milliseconds. */
  @MayBeAbsent()
  @IsWholeNumber(1, 600_000)
  timeout_ms = 10_000;

  /** First delay after a failed request, in milliseconds; it doubles with each. */
  @MayBeAbsent()
  @IsWholeNumber(1, 86_400_000)
  base_delay_ms = 500;

  /** Longest delay after a failed request, in milliseconds. */
  @MayBeAbsent()
  @IsWholeNumber(1, 86_400_000)
  max_delay_ms = 15_000;

  /** Pushes per second that it may send us; 0 for no limit. */
  @MayBeAbsent()
  @IsRate()
  push_requests_per_second = 0;

  /** The agents whose cases are copied. */
  @ArrayNotEmpty({ message: 'must be a list of at least one agent' })
  @ValidateNested({ each: true })
  @Type(() => Agent)
  agents!: Agent[];
}
