import { IsText, MayBeAbsent } from '@kyc-relay/contracts';
import { IsRate, IsSecrets, type Secrets } from './registry-rules.decorator';

/** A client of the risk-case query that we serve (platform.md, "Partner registry"; risk-cases.md, "Serve"). */
export class RiskClient {
  /** Its id. */
  @IsText({ max: 128 })
  accessid!: string;

  /** Its keys, which sign its queries. */
  @IsSecrets()
  access_keys!: Secrets;

  /** Agents whose cases it may see; empty for none. */
  @MayBeAbsent()
  @IsText({ max: 64 }, { each: true })
  agents: string[] = [];

  /** Requests per second that it may send us; 0 for no limit. */
  @MayBeAbsent()
  @IsRate()
  requests_per_second = 0;
}
