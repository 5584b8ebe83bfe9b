import type { Business } from '@kyc-relay/config';
import type { ClaimedLane } from '../domain/claimed-lane';
import { claimSize, freeSize, type InHand } from '../domain/claim-size';
import type { RetryPolicy } from '../domain/retry';
import type { TaskKind } from '../domain/task';
import { CallbackClient, type ClientSettings } from '../outbound/callback.client';

/** What the registry says of a business that a call needs. */
export interface CallTerms {
  /** Path and query of the callback URL, by what it tells; a kind that goes to another origin is absent. */
  paths: ReadonlyMap<TaskKind, string>;
  secrets: readonly string[];
  finalRetcodes: readonly number[];
  policy: RetryPolicy;
  timeoutMs: number;
  connections: number;
}

/** A lease outlives the longest call by this, so that its result can still be saved. */
const LEASE_SPARE_MS = 2_000;
/** A claimed lane that has not been called by then is given back: a later call could outlive the lease. */
const START_WINDOW_MS = 1_000;
/** A call that could not be saved before the lease ends is not written any more. */
const SAVE_MARGIN_MS = 1_000;
/** Share of the newest call in the recent latency. */
const LATENCY_WEIGHT = 0.1;
/** Assumed until the first call has ended. */
const UNKNOWN_LATENCY_MS = 50;

/** One business's origin as this replica serves it: its connections, its claimed lanes, its calls under way. */
export class Endpoint {
  readonly client: CallbackClient;
  /** Claimed lanes that wait for a connection, first come first. */
  waiting: ClaimedLane[] = [];
  /** Calls under way. */
  calling = 0;
  /** Lanes that the intake may be leasing for it at this moment. Claims do not wait for them: its transaction may hang. */
  offered = 0;
  /** The kinds that may have due lanes, as far as is known here. */
  readonly mayBeDue = new Set<TaskKind>();
  private latencyMs = UNKNOWN_LATENCY_MS;

  constructor(
    readonly bizId: string,
    readonly settings: ClientSettings,
    public terms: CallTerms,
  ) {
    this.client = new CallbackClient(settings);
    this.markDue();
  }

  get origin(): string {
    return this.settings.origin;
  }

  get leaseMs(): number {
    return this.terms.timeoutMs + LEASE_SPARE_MS;
  }

  /** Work may have come for any kind. */
  markDue(): void {
    for (const kind of this.terms.paths.keys()) this.mayBeDue.add(kind);
  }

  /** How many more lanes to claim, by kind; none while nothing is known to be due. */
  wishes(nowMs: number): { kind: TaskKind; quota: number }[] {
    const kinds = [...this.mayBeDue];
    if (kinds.length === 0) return [];
    const size = claimSize(this.inHand(nowMs), this.terms.connections, this.latencyMs);
    if (size === 0) return [];
    const quota = Math.ceil(size / kinds.length);
    return kinds.map((kind) => ({ kind, quota }));
  }

  /** How many lanes the intake may lease for it; none while older ones may be due, which come first. */
  offerable(nowMs: number): number {
    if (this.mayBeDue.size > 0) return 0;
    const free = freeSize(this.inHand(nowMs), this.terms.connections, this.latencyMs);
    return Math.max(0, free - this.offered);
  }

  /** Whether a claimed lane may still be called. */
  mayStart(lane: ClaimedLane, nowMs: number): boolean {
    return nowMs - lane.claimedAt < START_WINDOW_MS;
  }

  /** Whether a call for the lane may still be written: it and its commit must fit into the lease. */
  mayWrite(lane: ClaimedLane, nowMs: number): boolean {
    return nowMs - lane.claimedAt < this.leaseMs - SAVE_MARGIN_MS;
  }

  recordLatency(ms: number): void {
    this.latencyMs += LATENCY_WEIGHT * (ms - this.latencyMs);
  }

  private inHand(nowMs: number): InHand {
    const first = this.waiting[0];
    return {
      calling: this.calling,
      waiting: this.waiting.length,
      waitedMs: first ? nowMs - first.claimedAt : 0,
    };
  }
}

/** What the registry says of a business, for one of its origins. */
export function termsOf(business: Business, paths: ReadonlyMap<TaskKind, string>): CallTerms {
  const { delivery } = business;
  return {
    paths,
    secrets: business.secrets,
    finalRetcodes: business.final_retcodes,
    policy: {
      maxAttempts: delivery.max_attempts,
      baseDelayMs: delivery.base_delay_ms,
      maxDelayMs: delivery.max_delay_ms,
    },
    timeoutMs: delivery.timeout_ms,
    connections: delivery.max_connections,
  };
}

/** How a business's origin may be called. */
export function settingsOf(business: Business, origin: string): ClientSettings {
  return {
    origin,
    connections: business.delivery.max_connections,
    connectTimeoutMs: business.delivery.connect_timeout_ms,
    timeoutMs: business.delivery.timeout_ms,
    allowPrivateAddresses: business.allow_private_addresses,
  };
}
