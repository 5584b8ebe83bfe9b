import { isDeepStrictEqual } from 'node:util';
import type { Business } from '@kyc-relay/config';
import type { ClaimedLane } from '../domain/claimed-lane';
import type { TaskKind } from '../domain/task';
import { endpointKey, type EndpointKey } from '../outbound/circuits.repository';
import type { ClaimWish } from '../outbound/lanes.repository';
import { Endpoint, settingsOf, termsOf } from './endpoint';

/** The endpoints of all businesses in the registry, kept in step with it. */
export class Endpoints {
  private readonly byKey = new Map<string, Endpoint>();
  private byKind = new Map<string, Endpoint>();
  private readonly closing = new Set<Promise<void>>();

  /**
   * Takes over a new state of the registry. Where only terms changed (a secret, a path, a retry rule) connections stay;
   * where the connection itself changed, calls under way end on the old one.
   * @returns lanes that were claimed for an endpoint that is no more, to be given back
   */
  update(businesses: Iterable<Business>): ClaimedLane[] {
    const left: ClaimedLane[] = [];
    const seen = new Set<string>();
    for (const business of businesses) {
      for (const [origin, paths] of originsOf(business)) {
        const key = endpointKey({ bizId: business.biz_id, origin });
        seen.add(key);
        const settings = settingsOf(business, origin);
        const terms = termsOf(business, paths);
        const known = this.byKey.get(key);
        if (known && isDeepStrictEqual(known.settings, settings)) {
          known.terms = terms;
          known.markDue();
        } else {
          if (known) left.push(...this.retire(known));
          this.byKey.set(key, new Endpoint(business.biz_id, settings, terms));
        }
      }
    }
    for (const [key, endpoint] of this.byKey) {
      if (seen.has(key)) continue;
      this.byKey.delete(key);
      left.push(...this.retire(endpoint));
    }
    this.byKind = new Map(
      [...this.byKey.values()].flatMap((endpoint) =>
        [...endpoint.terms.paths.keys()].map((kind) => [kindKey(endpoint.bizId, kind), endpoint] as const),
      ),
    );
    return left;
  }

  all(): Iterable<Endpoint> {
    return this.byKey.values();
  }

  find(key: EndpointKey): Endpoint | undefined {
    return this.byKey.get(endpointKey(key));
  }

  /** The endpoint that callbacks of this kind go to now; undefined when the business has left the registry. */
  of(bizId: string, kind: TaskKind): Endpoint | undefined {
    return this.byKind.get(kindKey(bizId, kind));
  }

  /** What may be claimed now, of each endpoint as much as it can take. */
  claimWishes(now: number): ClaimWish[] {
    return [...this.byKey.values()].flatMap((endpoint) =>
      endpoint.wishes(now).map(({ kind, quota }) => ({
        biz_id: endpoint.bizId,
        kind,
        origin: endpoint.origin,
        quota,
        lease_ms: endpoint.leaseMs,
      })),
    );
  }

  /** Closes all connections; calls under way end first. */
  async close(): Promise<void> {
    for (const endpoint of this.byKey.values()) this.retire(endpoint);
    await Promise.all(this.closing);
  }

  private retire(endpoint: Endpoint): ClaimedLane[] {
    const closing = endpoint.client.close().finally(() => this.closing.delete(closing));
    this.closing.add(closing);
    const left = endpoint.waiting;
    endpoint.waiting = [];
    return left;
  }
}

function kindKey(bizId: string, kind: TaskKind): string {
  return `${bizId}\n${kind}`;
}

/** The origins of a business's callback URLs, each with the kinds that go there and their paths. */
export function originsOf(business: Business): Map<string, Map<TaskKind, string>> {
  const origins = new Map<string, Map<TaskKind, string>>();
  const urls: [TaskKind, string][] = [
    ['STATUS', business.status_callback_url],
    ['INFO', business.info_callback_url],
  ];
  for (const [kind, text] of urls) {
    const url = new URL(text);
    const paths = origins.get(url.origin) ?? new Map<TaskKind, string>();
    origins.set(url.origin, paths.set(kind, url.pathname + url.search));
  }
  return origins;
}
