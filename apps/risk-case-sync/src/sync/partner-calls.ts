import type { Acquirer } from '@kyc-relay/config';
import { backoffMs } from '../domain/backoff';
import type { PartnerQuery } from '../domain/partner-query';
import type { Instant } from '../domain/zone-time';
import type { AcquirerClient, PartnerAnswer } from '../outbound/acquirer.client';
import type { RateBudgetRepository } from '../outbound/rate-budget.repository';
import { Lanes } from './lanes';
import { Pause, Withdrawn } from './pause';

/** A good answer, and when it was asked for by the store's clock. */
export interface Answered {
  answer: Extract<PartnerAnswer, { ok: true }>;
  askedAt: Instant;
}

/** A request that got no good answer however often it was sent. */
export class Unanswered extends Error {
  constructor(
    /** Whether the partner answered other requests meanwhile, so that it is this one that it cannot answer. */
    readonly isItsOwn: boolean,
  ) {
    super('the partner gave no good answer');
    this.name = 'Unanswered';
  }
}

/** What calls are made with. */
export interface CallParts {
  client: AcquirerClient;
  budget: RateBudgetRepository;
  /** The acquirer as the registry has it now. */
  acquirer: () => Acquirer;
  /** Requests that may be under way at once. */
  parallelism: number;
  /** Withdraws everything. */
  signal: AbortSignal;
  /** Told of each failure, by its name. */
  onFailure: (code: string) => Promise<void>;
}

/** Leave to send one request. */
interface Turn {
  /** When it may be sent, by this process's clock. */
  due: number;
  /** The store's clock when it gave the leave, and this process's when it came. */
  grantedAt: Instant;
  receivedAt: number;
}

/** So often is one request sent before it is given up for this pass; with the default delays some 40 s. */
const MOST_TRIES = 8;
/** A request that is sent so long after its turn would come together with those behind it. */
const LATEST_MS = 250;

/** The requests of one agent: bounded in number and rate, and all of them held back while the partner fails. */
export class PartnerCalls {
  private readonly lanes: Lanes;
  private readonly pause: Pause;
  /** Failures in a row, counted once for those that were under way together. */
  private failures = 0;
  private round = 0;
  private openAt = 0;
  private answeredAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: CallParts) {
    this.lanes = new Lanes(parts.parallelism);
    this.pause = new Pause(parts.signal);
  }

  /** Ends the wait after failures: somebody wants to know now. */
  wake(): void {
    this.openAt = 0;
    this.pause.wake();
  }

  /** Asks until there is a good answer. @throws Unanswered, Withdrawn */
  async ask(query: PartnerQuery): Promise<Answered> {
    let firstFailure: number | undefined;
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      // A token is fetched while the lanes are busy, so that its way to the store and back is not added to the partner's.
      const turn = await this.awaitTurn();
      const result = await this.lanes.use(async () => {
        await this.awaitOpen();
        return await this.send(query, turn);
      });
      if (result.answer.ok) return { answer: result.answer, askedAt: result.askedAt };
      firstFailure ??= performance.now();
      await this.parts.onFailure(result.answer.code);
    }
    throw new Unanswered(this.answeredAt > (firstFailure ?? 0));
  }

  /** Asks once, at the partner's rate but beside the lanes and whatever the others wait for. @throws Withdrawn */
  async askOnce(query: PartnerQuery): Promise<Answered | undefined> {
    const { answer, askedAt } = await this.send(query, await this.awaitTurn());
    if (answer.ok) return { answer, askedAt };
    await this.parts.onFailure(answer.code);
    return undefined;
  }

  private async awaitOpen(): Promise<void> {
    for (;;) {
      const wait = this.openAt - performance.now();
      await this.pause.sleep(wait);
      if (wait <= 0) return;
    }
  }

  private async send(query: PartnerQuery, given: Turn): Promise<{ answer: PartnerAnswer; askedAt: Instant }> {
    const { client, acquirer, signal } = this.parts;
    const turn = performance.now() - given.due > LATEST_MS ? await this.awaitTurn() : given;
    const askedAt = Math.floor(turn.grantedAt + (performance.now() - turn.receivedAt));
    const { round } = this;
    const answer = await client.ask(acquirer(), query, signal);
    if (signal.aborted) throw new Withdrawn();
    if (answer.ok) {
      this.answeredAt = performance.now();
      this.failures = 0;
    } else if (round === this.round) {
      this.holdBack();
    }
    return { answer, askedAt };
  }

  /** Waits for a token of the rate that all replicas share, until it may be used. */
  private async awaitTurn(): Promise<Turn> {
    for (;;) {
      const { name, requests_per_second: perSecond } = this.parts.acquirer();
      const { waitMs, grantedAt } = await this.parts.budget.take(name, perSecond);
      const receivedAt = performance.now();
      const due = receivedAt + waitMs;
      while (due > performance.now()) await this.pause.sleep(due - performance.now());
      if (performance.now() - due <= LATEST_MS) return { due, grantedAt, receivedAt };
    }
  }

  private holdBack(): void {
    const { base_delay_ms: baseDelayMs, max_delay_ms: maxDelayMs } = this.parts.acquirer();
    this.failures += 1;
    this.round += 1;
    this.openAt = performance.now() + backoffMs(this.failures, { baseDelayMs, maxDelayMs }, Math.random());
  }
}
