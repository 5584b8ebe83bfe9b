import type { Business } from '@kyc-relay/config';
import { isStoreAway } from '@kyc-relay/persistence';
import type { Logger, Tracing } from '@kyc-relay/telemetry';
import type { ClaimedLane, HeadTask } from '../domain/claimed-lane';
import { judgeAnswer } from '../domain/judge-answer';
import { personalValues } from '../domain/personal-values';
import type { ReturnLanes, ReturnSummary } from '../handlers/return-lanes';
import type { RunningCall } from '../outbound/callback.client';
import type { EndpointKey } from '../outbound/circuits.repository';
import type { ClaimWish, LanesRepository, LeasedLane, ProbeWish } from '../outbound/lanes.repository';
import { endAttemptSpan, startAttemptSpan } from './attempt-span';
import type { CallbackMetrics } from './callback-metrics';
import type { Endpoint } from './endpoint';
import { Endpoints } from './endpoints';
import { LaneReturner } from './lane-returner';
import type { ReplicaName } from './replica-name';
import { RetryTimers } from './retry-timers';
import { signCallback } from './sign-callback';
import { WakeSignal } from './wake-signal';

/** Finds what no wake-up told of: retries far off, probes, and the work of replicas that died. */
const POLL_MS = 250;
/** Results that wait for the store; beyond this nothing new is claimed. */
const MOST_UNSAVED = 2_000;
/** What a stop gives to calls under way. */
const STOP_CALLS_MS = 8_000;
const STORE_AWAY_RETRY_MS = 250;

/** What the engine is made of. */
export interface EngineParts {
  lanes: LanesRepository;
  returnLanes: ReturnLanes;
  replica: ReplicaName;
  metrics: CallbackMetrics;
  logger: Logger;
  tracing: Tracing;
}

/**
 * Delivers callbacks: claims due lanes, calls, and brings the lanes back. It holds no state that matters; a process that
 * dies leaves leases, which run out.
 */
export class DeliveryEngine {
  private readonly endpoints = new Endpoints();
  private readonly calls = new Map<RunningCall, ClaimedLane>();
  private readonly signal = new WakeSignal();
  private readonly returner: LaneReturner;
  private readonly retries: RetryTimers;
  private loop: Promise<void> | undefined;
  private poll: NodeJS.Timeout | undefined;
  private stopping = false;
  private pollDue = true;
  /** Leases may stand in our name that no answer told of, since the store went away during a claim. */
  private mayHaveStrays = false;

  constructor(private readonly parts: EngineParts) {
    this.returner = new LaneReturner(parts.returnLanes, parts.logger, (summary) => {
      this.onReturned(summary);
    });
    this.retries = new RetryTimers(() => {
      this.wake();
    });
  }

  /** Takes over the businesses as they are now; a business that is gone waits. */
  setBusinesses(businesses: Iterable<Business>): void {
    for (const lane of this.endpoints.update(businesses)) this.returner.add({ kind: 'released', lane });
    this.signal.wake();
  }

  /** Takes the replica's name and begins. Rejects when the store is away. */
  async start(): Promise<void> {
    const { replica } = this.parts;
    replica.onRetaken = () => {
      this.mayHaveStrays = true;
    };
    await replica.take();
    this.returner.start();
    this.loop = this.run();
    this.poll = setInterval(() => {
      this.pollDue = true;
      this.wake();
    }, POLL_MS);
  }

  /** There may be due lanes: tasks were made, redriven or retried. Call it after the commit. */
  wake(): void {
    for (const endpoint of this.endpoints.all()) endpoint.markDue();
    this.signal.wake();
  }

  /**
   * Claims nothing more, gives back what was not called, lets calls end for 8 s, withdraws the rest without counting
   * them, and saves everything.
   */
  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.poll);
    this.retries.stop();
    this.signal.wake();
    await this.loop;
    for (const endpoint of this.endpoints.all()) this.giveBackWaiting(endpoint, () => true);
    const limit = setTimeout(() => {
      for (const call of this.calls.keys()) call.withdraw();
    }, STOP_CALLS_MS);
    while (this.calls.size > 0)
      await Promise.race([...this.calls.keys()].map(async (call) => await call.end));
    clearTimeout(limit);
    await this.returner.stop();
    await this.endpoints.close();
    await this.parts.replica.release();
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        const mayClaim = !this.returner.isWaiting && this.returner.backlog < MOST_UNSAVED;
        if (this.mayHaveStrays) await this.freeStrays();
        if (mayClaim && this.pollDue) await this.probe();
        const wishes = mayClaim ? this.endpoints.claimWishes(performance.now()) : [];
        if (wishes.length === 0) await this.signal.sleep(POLL_MS);
        else await this.claim(wishes);
      } catch (error) {
        if (isStoreAway(error)) this.parts.logger.warn({ err: error }, 'store is away: nothing is claimed');
        else this.parts.logger.error({ err: error }, 'claim failed');
        await new Promise((resolve) => setTimeout(resolve, STORE_AWAY_RETRY_MS));
        this.wake();
      }
    }
  }

  /** Between two claims, since during one nobody knows which lanes are in hand. Without it they wait for their leases. */
  private async freeStrays(): Promise<void> {
    const waiting = [...this.endpoints.all()].flatMap((endpoint) => endpoint.waiting);
    const inHand = [...waiting, ...this.calls.values(), ...this.returner.lanes];
    const freed = await this.parts.lanes.freeOwn(this.parts.replica.current, inHand);
    this.mayHaveStrays = false;
    if (freed > 0) this.parts.logger.info({ lanes: freed }, 'freed leases of a claim whose answer was lost');
  }

  private async claim(wishes: readonly ClaimWish[]): Promise<void> {
    const claimedAt = performance.now();
    const owner = this.parts.replica.current;
    // Cleared before the claim: a wake-up during it must not be lost.
    for (const wish of wishes) this.endpoints.of(wish.biz_id, wish.kind)?.mayBeDue.delete(wish.kind);
    const leased = await this.parts.lanes.claim(wishes, owner);
    const found = new Map<string, number>();
    for (const lane of leased) {
      const key = `${lane.biz_id}\n${lane.kind}`;
      found.set(key, (found.get(key) ?? 0) + 1);
    }
    for (const { biz_id: bizId, kind, quota } of wishes) {
      // A full quota means that there may be more.
      if ((found.get(`${bizId}\n${kind}`) ?? 0) >= quota) this.endpoints.of(bizId, kind)?.mayBeDue.add(kind);
    }
    await this.takeInHand(leased, owner, claimedAt);
  }

  private async probe(): Promise<void> {
    this.pollDue = false;
    const wishes: ProbeWish[] = [...this.endpoints.all()].map((endpoint) => ({
      biz_id: endpoint.bizId,
      origin: endpoint.origin,
      kinds: [...endpoint.terms.paths.keys()],
      lease_ms: endpoint.leaseMs,
    }));
    for (const endpoint of this.endpoints.all()) {
      const now = performance.now();
      this.giveBackWaiting(endpoint, (lane) => !endpoint.mayStart(lane, now));
    }
    if (wishes.length === 0) return;
    const claimedAt = performance.now();
    const owner = this.parts.replica.current;
    await this.takeInHand(await this.parts.lanes.claimProbes(wishes, owner), owner, claimedAt);
  }

  private async takeInHand(leased: readonly LeasedLane[], owner: string, claimedAt: number): Promise<void> {
    if (leased.length === 0) return;
    const heads = await this.parts.lanes.readHeads(leased);
    const touched = new Set<Endpoint>();
    for (const [index, lane] of leased.entries()) {
      const head = heads[index] ?? null;
      const endpoint = this.endpoints.of(lane.biz_id, head?.kind ?? lane.kind);
      const claimed: ClaimedLane = {
        shopeeUid: lane.shopee_uid,
        bizId: lane.biz_id,
        origin: endpoint?.origin ?? '',
        owner,
        epoch: lane.lease_epoch,
        claimedAt,
        cancelRequested: lane.cancel_requested,
        probeOf: lane.resume_at ? { resumeAt: lane.resume_at } : null,
        head,
      };
      if (!endpoint || !head) this.returner.add({ kind: 'released', lane: claimed });
      else if (claimed.cancelRequested)
        this.returner.add({ kind: 'cancelled', lane: claimed, head, cause: 'OPERATOR' });
      else if (head.superseded)
        this.returner.add({ kind: 'cancelled', lane: claimed, head, cause: 'SUPERSEDED' });
      else {
        endpoint.waiting.push(claimed);
        touched.add(endpoint);
      }
    }
    for (const endpoint of touched) this.fill(endpoint);
  }

  /** Starts calls while there are connections and lanes. */
  private fill(endpoint: Endpoint): void {
    while (!this.stopping && endpoint.calling < endpoint.terms.connections) {
      const lane = endpoint.waiting.shift();
      if (!lane) return;
      if (lane.head && endpoint.mayStart(lane, performance.now())) void this.call(endpoint, lane, lane.head);
      else this.returner.add({ kind: 'released', lane });
    }
  }

  private async call(endpoint: Endpoint, lane: ClaimedLane, task: HeadTask): Promise<void> {
    const { terms } = endpoint;
    const startedAtMs = Date.now();
    const span = startAttemptSpan(this.parts.tracing, lane, task);
    // What follows from the attempt, at the business and here, belongs to it.
    const head = span ? { ...task, traceparent: span.traceparent } : task;
    const running = endpoint.client.start(
      {
        path: terms.paths.get(head.kind) ?? '/',
        headers: signCallback(head, lane.bizId, terms.secrets, startedAtMs),
        body: head.body,
      },
      () => endpoint.mayWrite(lane, performance.now()),
    );
    endpoint.calling += 1;
    this.calls.set(running, lane);
    const end = await running.end;
    this.calls.delete(running);
    endpoint.calling -= 1;
    if (end.kind === 'withdrawn') {
      span?.end('WITHDRAWN');
      this.returner.add({ kind: 'released', lane });
    } else {
      const verdict = judgeAnswer(end.result, terms.finalRetcodes, personalValues(head));
      if (span) endAttemptSpan(span, verdict);
      endpoint.recordLatency(end.durationMs);
      this.parts.metrics.countAttempt(lane.bizId, verdict.error ?? 'OK', end.durationMs);
      this.returner.add({
        kind: 'attempted',
        lane,
        head,
        verdict,
        policy: terms.policy,
        startedAtMs,
        durationMs: end.durationMs,
        retryAfterMs: end.retryAfterMs,
      });
    }
    this.fill(endpoint);
    if (endpoint.mayBeDue.size > 0 && endpoint.wishes(performance.now()).length > 0) this.signal.wake();
  }

  /** Nothing more is called at an endpoint that is down, but for its probes. */
  private rest(key: EndpointKey): void {
    const endpoint = this.endpoints.find(key);
    if (endpoint) this.giveBackWaiting(endpoint, (lane) => lane.probeOf === null);
  }

  private giveBackWaiting(endpoint: Endpoint, isDue: (lane: ClaimedLane) => boolean): void {
    const kept: ClaimedLane[] = [];
    for (const lane of endpoint.waiting) {
      if (isDue(lane)) this.returner.add({ kind: 'released', lane });
      else kept.push(lane);
    }
    endpoint.waiting = kept;
  }

  private onReturned(summary: ReturnSummary): void {
    const { logger } = this.parts;
    if (summary.lost > 0) logger.warn({ lanes: summary.lost }, 'leases were lost to another claim');
    for (const { error, ...ids } of summary.failed) {
      logger.warn({ ...ids, cause: error }, 'callback failed for good');
    }
    for (const endpoint of summary.opened) {
      logger.warn(endpoint, 'circuit opened: the endpoint is down, its callbacks wait');
      this.rest(endpoint);
    }
    for (const endpoint of summary.closed) logger.info(endpoint, 'circuit closed: the endpoint is up');
    for (const waitMs of summary.waitsMs) this.retries.add(waitMs);
    if (summary.goesOn || summary.closed.length > 0) this.wake();
  }
}
