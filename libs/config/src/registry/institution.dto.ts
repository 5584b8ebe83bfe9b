import { IsText, MayBeAbsent } from '@kyc-relay/contracts';
import { IsAddressRange, IsRate, IsSecrets, type Secrets } from './registry-rules.decorator';

/** An institution whose KYB and store reviews we are told (platform.md, "Partner registry"; review-notify.md). */
export class Institution {
  /** Its id. */
  @IsText({ max: 64 })
  institutionId!: string;

  /** Its salts, which sign its notifications. */
  @IsSecrets()
  salts!: Secrets;

  /** Addresses and ranges that its notifications come from; empty for any. */
  @MayBeAbsent()
  @IsAddressRange({ each: true })
  source_addresses: string[] = [];

  /** Merchants whose payees its KYB results may move; empty for none. */
  @MayBeAbsent()
  @IsText({ max: 64 }, { each: true })
  merchants: string[] = [];

  /** Notifications per second that it may send us; 0 for no limit. */
  @MayBeAbsent()
  @IsRate()
  requests_per_second = 0;
}
