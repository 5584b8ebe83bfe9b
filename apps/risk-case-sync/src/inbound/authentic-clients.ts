import { Inject, Injectable } from '@nestjs/common';
import { RegistryFile, type Acquirer, type RiskClient } from '@kyc-relay/config';
import { toRiskObject, verifyRisk, type SourceObject } from '@kyc-relay/signing';

/** Stands in for the keys of an account that does not exist, so that a forgery costs the same time either way. */
const NO_KEYS = ['an account that is not registered'];

/** Knows clients and acquirers by their signatures (risk-cases.md, Signature). */
@Injectable()
export class AuthenticClients {
  constructor(@Inject(RegistryFile) private readonly registry: RegistryFile) {}

  /** The client that signed a query; undefined alike for an unknown one and a missing or bad signature. */
  client(body: SourceObject): RiskClient | undefined {
    const { accessid } = body;
    return this.verify(
      body,
      typeof accessid === 'string' ? this.registry.current().riskClients.get(accessid) : undefined,
    );
  }

  /** The acquirer that signed a push. */
  acquirer(body: SourceObject): Acquirer | undefined {
    const { accessid } = body;
    // Two acquirers of one account can be told apart by their keys alone.
    const claimed = [...this.registry.current().acquirers.values()].filter(
      (one) => one.accessid === accessid,
    );
    return claimed.find((one) => this.verify(body, one)) ?? this.verify<Acquirer>(body, undefined);
  }

  private verify<T extends { access_keys: readonly string[] }>(
    body: SourceObject,
    account: T | undefined,
  ): T | undefined {
    const isSigned = verifyRisk(toRiskObject(body), account?.access_keys ?? NO_KEYS);
    return isSigned ? account : undefined;
  }
}
