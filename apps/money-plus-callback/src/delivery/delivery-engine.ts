import type { Business } from '@kyc-relay/config';
import { isStoreAway } from '@kyc-relay/persistence';
import type { Logger, Tracing } from '@kyc-relay/telemetry';
import type { ClaimedLane, HeadTask } from '../domain/claimed-lane';
import { judgeAnswer } from '../domain/judge-answer';
import { personalValues } from '../domain/personal-values';
import type { LeaseOffer, OfferedTask } from '../handlers/lease-offer';
import type { ReturnLanes, ReturnSummary } from '../handlers/return-lanes';
import type { RunningCall } from '../outbound/callback.client';
import type { EndpointKey } from '../outbound/circuits.repository';
import type { LanesRepository } from '../outbound/lanes.repository';
import { endAttemptSpan, startAttemptSpan } from './attempt-span';
import type { CallbackMetrics } from './callback-metrics';
import type { Endpoint } from './endpoint';
import { Endpoints } from './endpoints';
import { LaneClaimer } from './lane-claimer';
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
  private readonly claimer: LaneClaimer;
  private readonly returner: LaneReturner;
  private readonly retries: RetryTimers;
  private loop: Promise<void> | undefined;
  private poll: NodeJS.Timeout | undefined;
  private hasName = false;
  private stopping = false;
  private pollDue = true;

  constructor(private readonly parts: EngineParts) {
    this.returner = new LaneReturner(parts.returnLanes, parts.logger, (summary) => {
      this.onReturned(summary);
    });
    this.claimer = new LaneClaimer(
      parts.lanes,
      parts.replica,
      this.endpoints,
      (lanes) => {
        this.takeInHand(lanes);
      },
      () => {
        this.wake();
      },
    );
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
    await replica.take();
    this.hasName = true;
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

  /** Offers the intake to lease lanes as it makes tasks, as far as they can be called at once. */
  offerLeases(tasks: readonly OfferedTask[]): LeaseOffer {
    return this.claimer.offer(tasks, this.mayTake);
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
    await this.claimer.settle(STOP_CALLS_MS);
    while (this.calls.size > 0)
      await Promise.race([...this.calls.keys()].map(async (call) => await call.end));
    clearTimeout(limit);
    await this.returner.stop();
    await this.endpoints.close();
    await this.parts.replica.release();
  }

  /** Not before we have a name to lease in; and not while results wait for the store, which could be of the same lanes. */
  private get mayTake(): boolean {
    const { isWaiting, backlog } = this.returner;
    return this.hasName && !this.stopping && !isWaiting && backlog < MOST_UNSAVED;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.freeStrays();
        if (this.mayTake && this.pollDue) await this.probe();
        const wishes = this.mayTake ? this.endpoints.claimWishes(performance.now()) : [];
        if (wishes.length === 0) await this.signal.sleep(POLL_MS);
        else await this.claimer.claim(wishes);
      } catch (error) {
        if (isStoreAway(error)) this.parts.logger.warn({ err: error }, 'store is away: nothing is claimed');
        else this.parts.logger.error({ err: error }, 'claim failed');
        await new Promise((resolve) => setTimeout(resolve, STORE_AWAY_RETRY_MS));
        this.wake();
      }
    }
  }

  private async freeStrays(): Promise<void> {
    const waiting = [...this.endpoints.all()].flatMap((endpoint) => endpoint.waiting);
    const inHand = [...waiting, ...this.calls.values(), ...this.returner.lanes];
    const freed = await this.claimer.freeStrays(inHand);
    if (freed > 0) this.parts.logger.info({ lanes: freed }, 'freed leases of which no answer told');
  }

  private async probe(): Promise<void> {
    this.pollDue = false;
    for (const endpoint of this.endpoints.all()) {
      const now = performance.now();
      this.giveBackWaiting(endpoint, (lane) => !endpoint.mayStart(lane, now));
    }
    await this.claimer.probe();
  }

  private takeInHand(lanes: readonly ClaimedLane[]): void {
    const touched = new Set<Endpoint>();
    for (const lane of lanes) {
      const { head } = lane;
      const endpoint = head ? this.endpoints.of(lane.bizId, head.kind) : undefined;
      // The registry may have got a longer time-out since the lease was asked for.
      if (!endpoint || !head || this.stopping || lane.leaseMs < endpoint.leaseMs)
        this.returner.add({ kind: 'released', lane });
      else if (lane.cancelRequested) this.returner.add({ kind: 'cancelled', lane, head, cause: 'OPERATOR' });
      else if (head.superseded) this.returner.add({ kind: 'cancelled', lane, head, cause: 'SUPERSEDED' });
      else {
        endpoint.waiting.push(lane);
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
    const { logger, metrics } = this.parts;
    if (summary.lost > 0) logger.warn({ lanes: summary.lost }, 'leases were lost to another claim');
    for (const { error, ...ids } of summary.failed) {
      logger.warn({ ...ids, cause: error }, 'callback failed for good');
      metrics.countFailed(ids.bizId);
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
