import { IsText, MayBeAbsent } from '@kyc-relay/contracts';
import { ArrayNotEmpty, IsBoolean } from 'class-validator';
import { IsRate, IsSecrets, IsWholeNumber, type Secrets } from './registry-rules.decorator';

/** A merchant that registers payees (platform.md, "Partner registry"; payees.md). */
export class Merchant {
  /** Its number. */
  @IsText({ max: 64 })
  merchantNo!: string;

  /** Numbers of its stores; they see each other's payees. */
  @ArrayNotEmpty({ message: 'must be a list of at least one store' })
  @IsText({ max: 64 }, { each: true })
  stores!: string[];

  /** Its API tokens, which sign its requests. */
  @IsSecrets()
  tokens!: Secrets;

  /** How far the timestamp of its requests may be off, either way, in seconds; 0 for any (a sandbox). */
  @MayBeAbsent()
  @IsWholeNumber(0, 86_400)
  timestamp_tolerance_seconds = 300;

  /** Whether its requests must have a timestamp. */
  @MayBeAbsent()
  @IsBoolean({ message: 'must be true or false' })
  timestamp_required = false;

  /** Requests per second that it may send us; 0 for no limit. */
  @MayBeAbsent()
  @IsRate()
  requests_per_second = 0;
}
