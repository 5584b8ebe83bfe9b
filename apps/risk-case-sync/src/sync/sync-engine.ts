import type { Acquirer, Partners, RegistryFile } from '@kyc-relay/config';
import { isStoreAway } from '@kyc-relay/persistence';
import type { Worker } from '@kyc-relay/service';
import { AgentTaken, type AgentNeed } from '../outbound/agents.repository';
import type { AgentLocks } from './agent-locks';
import { AgentShift, type ShiftParts } from './agent-shift';
import { Pause, Withdrawn } from './pause';

/** How often there is a look at what is due. */
const POLL_MS = 250;
/** Agents that one replica works on at once; beyond them it only reads back what was pushed. */
const MOST_AGENTS = 8;
/** For each agent that it has, a replica leaves the next one so much longer to the others. */
const COURTESY_MS = 150;
const STORE_AWAY_RETRY_MS = 500;

/**
 * Keeps the copies: takes agents that are due, one at a time so that replicas share them, and works on each under a lock.
 * It holds no state that matters; a process that dies leaves its locks, and the next one goes on where it was.
 */
export class SyncEngine implements Worker {
  private readonly abort = new AbortController();
  private readonly pause = new Pause(this.abort.signal);
  private readonly shifts = new Map<string, { shift: AgentShift; end: Promise<void> }>();
  private registered = '';
  private loop: Promise<void> | undefined;

  constructor(
    private readonly parts: ShiftParts,
    private readonly locks: AgentLocks,
    private readonly registry: RegistryFile,
  ) {}

  async start(): Promise<void> {
    this.loop = this.run();
    await Promise.resolve();
  }

  /** Something may be due: a run was asked for, a push came. Call it after the commit. */
  wake(): void {
    for (const { shift } of this.shifts.values()) shift.wakeReadBacks();
    this.pause.wake();
  }

  /** Withdraws all requests; everything that was read is saved or will be read again. */
  async stop(): Promise<void> {
    this.abort.abort();
    await this.loop;
    for (const { shift } of this.shifts.values()) shift.withdraw();
    await Promise.all(
      [...this.shifts.values()].map(async ({ end }) => {
        await end;
      }),
    );
    await this.locks.release();
    this.parts.client.close();
  }

  private async run(): Promise<void> {
    for (;;) {
      let pauseMs = POLL_MS;
      try {
        const took = await this.look();
        if (took) pauseMs = COURTESY_MS * this.shifts.size;
      } catch (error) {
        if (!isStoreAway(error)) this.parts.logger.error({ err: error }, 'look for due agents failed');
        pauseMs = STORE_AWAY_RETRY_MS;
      }
      try {
        await this.pause.sleep(pauseMs);
      } catch (error) {
        if (error instanceof Withdrawn) return;
        throw error;
      }
    }
  }

  /** Takes at most one agent; whether it did. */
  private async look(): Promise<boolean> {
    if (!(await this.locks.isAlive())) {
      this.parts.logger.warn('the connection with the locks was lost: all agents are let go');
      for (const { shift } of this.shifts.values()) shift.withdraw();
    }
    const { agents: known } = this.registry.current();
    await this.register(known);
    for (const [agent, { shift }] of this.shifts) if (!known.has(agent)) shift.withdraw();
    const needs = await this.parts.stores.agents.needs([...known.keys()]);
    for (const need of needs) this.passOnWakeUp(need);
    const free = needs.filter((need) => this.wants(need) && !this.shifts.has(need.agent));
    // From a place of its own, so that replicas do not all try the same agent first.
    const start = Math.floor(Math.random() * free.length);
    for (const { agent } of [...free.slice(start), ...free.slice(0, start)]) {
      const need = await this.lock(agent);
      if (!need) continue;
      this.begin(need, known);
      return true;
    }
    return false;
  }

  /** A push is read back at once however much there is to do; a pass can wait for another replica. */
  private wants({ runDue, readBacksDue }: AgentNeed): boolean {
    return readBacksDue || (runDue && this.shifts.size < MOST_AGENTS);
  }

  /**
   * Locks an agent; what there is to do for it, or undefined when another replica has it, or has meanwhile done it all:
   * only under the lock is it sure that the work is still there.
   */
  private async lock(agent: string): Promise<AgentNeed | undefined> {
    if (!(await this.locks.tryLock(agent))) return undefined;
    let need: AgentNeed | undefined;
    try {
      need = (await this.parts.stores.agents.needs([agent])).find((one) => this.wants(one));
    } finally {
      if (!need) await this.locks.unlock(agent);
    }
    return need && { ...need, runDue: need.runDue && this.shifts.size < MOST_AGENTS };
  }

  private async register(known: Partners['agents']): Promise<void> {
    const agents = new Map([...known].map(([agent, { acquirer }]) => [agent, acquirer.name]));
    const fingerprint = JSON.stringify([...agents]);
    if (fingerprint === this.registered) return;
    await this.parts.stores.agents.register(agents);
    await this.parts.stores.runs.endForgotten([...agents.keys()]);
    this.registered = fingerprint;
  }

  private passOnWakeUp({ agent, wokenAt }: AgentNeed): void {
    const shift = this.shifts.get(agent)?.shift;
    if (!shift || wokenAt === null || (shift.wokenAt ?? 0) >= wokenAt) return;
    shift.wokenAt = wokenAt;
    shift.wake();
  }

  private begin({ agent, runDue, wokenAt }: AgentNeed, known: Partners['agents']): void {
    const first = known.get(agent)?.acquirer;
    if (!first) return;
    // An agent that leaves the registry is let go at the next look; until then its acquirer is the one it had.
    const acquirer = (): Acquirer => this.registry.current().agents.get(agent)?.acquirer ?? first;
    const shift = new AgentShift(this.parts, agent, acquirer);
    shift.wokenAt = wokenAt;
    this.shifts.set(agent, { shift, end: this.work(agent, shift, runDue) });
  }

  private async work(agent: string, shift: AgentShift, runDue: boolean): Promise<void> {
    try {
      await shift.work(runDue);
    } catch (error) {
      if (error instanceof AgentTaken)
        this.parts.logger.warn({ agent }, 'another replica has taken the agent');
      else if (isStoreAway(error))
        this.parts.logger.warn({ err: error, agent }, 'store is away: the agent is let go');
      else if (!(error instanceof Withdrawn)) await this.failRun(agent, error);
    } finally {
      await this.locks.unlock(agent).catch(() => undefined);
      this.shifts.delete(agent);
      this.pause.wake();
    }
  }

  /** A bug ends the run, so that it is seen and the next one starts later, and not at once and for ever. */
  private async failRun(agent: string, error: unknown): Promise<void> {
    const { stores, logger, onRunEnd } = this.parts;
    logger.error({ err: error, agent }, 'run failed');
    const interval = this.registry.current().agents.get(agent)?.acquirer.interval_seconds ?? 60;
    try {
      const run = await stores.runs.startOrJoin(stores.database, agent);
      await stores.runs.countFailure(run.runId, 'INTERNAL');
      await stores.database.transaction(async (tx) => {
        await stores.runs.finish(
          tx,
          { agent, runId: run.runId },
          { state: 'FAILED', isCopied: false, nextInSeconds: interval },
        );
      });
      onRunEnd(agent, 'FAILED');
    } catch (again) {
      logger.error({ err: again, agent }, 'run could not be ended');
    }
  }
}
