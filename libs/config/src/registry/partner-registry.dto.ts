import 'reflect-metadata';
import { MayBeAbsent } from '@kyc-relay/contracts';
import { Type } from 'class-transformer';
import { ValidateNested } from 'class-validator';
import { Acquirer } from './acquirer.dto';
import { ApiToken } from './api-token.dto';
import { Business } from './business.dto';
import { Institution } from './institution.dto';
import { Merchant } from './merchant.dto';
import { RiskClient } from './risk-client.dto';

/** The partners we deal with, field for field as in the file (platform.md, "Partner registry"). */
export class PartnerRegistry {
  /** Businesses that consume KYC. */
  @MayBeAbsent()
  @ValidateNested({ each: true })
  @Type(() => Business)
  businesses: Business[] = [];

  /** Merchants that register payees. */
  @MayBeAbsent()
  @ValidateNested({ each: true })
  @Type(() => Merchant)
  merchants: Merchant[] = [];

  /** Institutions whose reviews we are told. */
  @MayBeAbsent()
  @ValidateNested({ each: true })
  @Type(() => Institution)
  institutions: Institution[] = [];

  /** Acquirers whose risk cases we copy. */
  @MayBeAbsent()
  @ValidateNested({ each: true })
  @Type(() => Acquirer)
  acquirers: Acquirer[] = [];

  /** Clients of our risk-case query. */
  @MayBeAbsent()
  @ValidateNested({ each: true })
  @Type(() => RiskClient)
  risk_clients: RiskClient[] = [];

  /** Tokens of our own API. */
  @MayBeAbsent()
  @ValidateNested({ each: true })
  @Type(() => ApiToken)
  api_tokens: ApiToken[] = [];
}

/** A section of the registry. A service reads only its own. */
export type RegistrySection = keyof PartnerRegistry;

/** All sections there are. */
export const REGISTRY_SECTIONS = Object.keys(new PartnerRegistry()) as RegistrySection[];
