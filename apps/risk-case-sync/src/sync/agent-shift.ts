import type { Acquirer } from '@kyc-relay/config';
import { inSpan, type Logger, type Span, type Tracing } from '@kyc-relay/telemetry';
import { zoneOf } from '../domain/zone-time';
import type { SaveRows } from '../handlers/save-rows';
import type { AcquirerClient } from '../outbound/acquirer.client';
import type { RateBudgetRepository } from '../outbound/rate-budget.repository';
import type { ReadBacksRepository } from '../outbound/read-backs.repository';
import type { RunState } from '../outbound/runs.repository';
import type { AgentWorkParts } from './agent-work';
import { PartnerCalls } from './partner-calls';
import { Pass, type PassSettings, type PassStores } from './pass';
import { Pause, Withdrawn } from './pause';
import { ReadBackLoop } from './read-back-loop';

/** What the work on any agent is made of. */
export interface ShiftParts {
  stores: PassStores & { readBacks: ReadBacksRepository };
  save: SaveRows;
  client: AcquirerClient;
  budget: RateBudgetRepository;
  settings: PassSettings & { parallelism: number };
  logger: Logger;
  tracing: Tracing;
  /** Told of each run's end. */
  onRunEnd: (agent: string, state: Exclude<RunState, 'RUNNING'>) => void;
}

/** How often a push is looked for while the agent is worked on. */
const READ_BACK_POLL_MS = 200;

/** The work of one replica on one agent, from taking it to letting it go: a pass if one is due, and what pushes ask for. */
export class AgentShift {
  private readonly abort = new AbortController();
  private readonly pause = new Pause(this.abort.signal);
  private calls: PartnerCalls | undefined;
  /** When an operator last asked for a run, as far as this shift knows. */
  wokenAt: number | null = null;

  constructor(
    private readonly parts: ShiftParts,
    private readonly agent: string,
    /** The agent's acquirer as the registry has it now. */
    private readonly acquirer: () => Acquirer,
  ) {}

  /** Somebody wants to know now: ends the wait after failures. */
  wake(): void {
    this.calls?.wake();
  }

  /** There is something to be read back. */
  wakeReadBacks(): void {
    this.pause.wake();
  }

  /** Withdraws the work; what is read and saved stays, and whoever takes the agent next goes on there. */
  withdraw(): void {
    this.abort.abort();
  }

  /** Does what there is to do. @throws Withdrawn, AgentTaken, or the store's error */
  async work(isRunDue: boolean): Promise<void> {
    const { stores, client, budget, settings, save, logger, tracing } = this.parts;
    const taken = await stores.agents.take(this.agent);
    const run: { id?: string } = {};
    const onFailure = async (code: string): Promise<void> => {
      logger.debug({ agent: this.agent, code }, 'partner failed');
      if (run.id !== undefined) await stores.runs.countFailure(run.id, code);
    };
    const { signal } = this.abort;
    const { parallelism } = settings;
    const calls = new PartnerCalls({
      client,
      budget,
      acquirer: this.acquirer,
      parallelism,
      signal,
      onFailure,
    });
    this.calls = calls;
    const zone = zoneOf(this.acquirer().timezone);
    const [hashKey] = this.acquirer().access_keys;
    const errors: Error[] = [];
    const fail = (error: unknown): void => {
      errors.push(error instanceof Error ? error : new Error('the work failed', { cause: error }));
      this.withdraw();
    };
    const work: AgentWorkParts = { taken, zone, calls, save, hashKey, parallelism, onSaveError: fail };
    const loop = new ReadBackLoop(stores.readBacks, work, logger, tracing);
    let isOver = false;
    const readBacks = this.readBack(loop, () => isOver).catch(fail);
    if (isRunDue)
      await inSpan(tracing, 'sync run', async (span) => {
        await this.pass({ ...work, traceparent: span?.traceparent }, run, span);
      }).catch(fail);
    isOver = true;
    this.pause.wake();
    await readBacks;
    // What went wrong first withdrew the rest, which only learnt that.
    const error = errors.find((one) => !(one instanceof Withdrawn)) ?? errors[0];
    if (error !== undefined) throw error;
  }

  private async pass(work: AgentWorkParts, run: { id?: string }, span: Span | undefined): Promise<void> {
    const { stores, settings, logger, onRunEnd } = this.parts;
    const started = await stores.runs.startOrJoin(stores.database, this.agent);
    run.id = started.runId;
    const acquirer = this.acquirer();
    const ids = { agent: this.agent, runId: started.runId, traceparent: work.traceparent };
    span?.set({ 'relay.agent': this.agent, 'relay.run_id': started.runId });
    logger.info(ids, 'run works');
    const state = await new Pass(stores, settings, work, { run: started, acquirer, logger }).run();
    const { interval_seconds: interval, max_delay_ms: longestWait } = acquirer;
    await stores.database.transaction(async (tx) => {
      await stores.agents.hold(tx, work.taken);
      await stores.runs.finish(
        tx,
        { agent: this.agent, runId: started.runId },
        {
          state,
          isCopied: state !== 'FAILED',
          // A partner that did not answer is asked again as soon as it would be after any failure.
          nextInSeconds: state === 'FAILED' ? Math.min(interval, longestWait / 1_000) : interval,
        },
      );
    });
    onRunEnd(this.agent, state);
    span?.set({ 'relay.outcome': state });
    logger.info({ ...ids, state }, 'run ended');
  }

  private async readBack(loop: ReadBackLoop, isOver: () => boolean): Promise<void> {
    for (;;) {
      const wasOver = isOver();
      if (await loop.round()) continue;
      if (wasOver) return;
      await this.pause.sleep(READ_BACK_POLL_MS);
    }
  }
}
