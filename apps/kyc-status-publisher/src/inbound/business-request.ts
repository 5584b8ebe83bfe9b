import { Inject, Injectable } from '@nestjs/common';
import { RegistryFile, type Business } from '@kyc-relay/config';
import { RateLimits } from '@kyc-relay/http';
import { readBusinessId, verifyBusinessRequest, type Headers } from '@kyc-relay/signing';

/** A request that a business has signed. */
export interface SignedRequest {
  business: Business;
  /** Tells repeats apart; absent when a legacy business left the Standard Webhooks headers out. */
  webhookId?: string | undefined;
}

/** Verifies what businesses send us (`platform.md`, Partner registry). */
@Injectable()
export class BusinessRequests {
  private readonly rates = new RateLimits();

  constructor(@Inject(RegistryFile) private readonly registry: RegistryFile) {}

  /** Whether the request claims to come from a business at all. */
  isClaimed(headers: Headers): boolean {
    return readBusinessId(headers) !== undefined;
  }

  /**
   * Undefined for an unknown business, a bad signature and a stale timestamp alike.
   * @param signed the raw body, or for a GET its path with query
   * @throws TooManyRequests when a verified business is over its rate
   */
  verify(headers: Headers, signed: Buffer): SignedRequest | undefined {
    const bizId = readBusinessId(headers);
    const business = bizId === undefined ? undefined : this.registry.current().businesses.get(bizId);
    const verdict = verifyBusinessRequest({
      headers,
      signed,
      business: business && {
        secrets: business.secrets,
        toleranceSeconds: business.timestamp_tolerance_seconds,
        legacyOnly: business.legacy_signature_only,
      },
      nowSeconds: Date.now() / 1000,
    });
    if (!verdict.ok || !business) return undefined;
    this.rates.pass(business.biz_id, business.requests_per_second, performance.now());
    return { business, webhookId: verdict.webhookId };
  }
}
