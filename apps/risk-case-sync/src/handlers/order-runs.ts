import { Inject, Injectable } from '@nestjs/common';
import { audit } from '@kyc-relay/access';
import { Database } from '@kyc-relay/persistence';
import { AgentsRepository } from '../outbound/agents.repository';
import { RunsRepository } from '../outbound/runs.repository';
import { EngineSignal } from './engine-signal';

/** Starts runs on demand: one that works is joined, and woken where it waits after failures. */
@Injectable()
export class OrderRuns {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AgentsRepository) private readonly agents: AgentsRepository,
    @Inject(RunsRepository) private readonly runs: RunsRepository,
    @Inject(EngineSignal) private readonly signal: EngineSignal,
  ) {}

  /**
   * @param agents each with the name of its acquirer
   * @returns the runs, in the order of the agents
   */
  async run(agents: ReadonlyMap<string, string>, by: { actor: string; reason: string }): Promise<string[]> {
    await this.agents.register(agents);
    const runIds = await this.database.transaction(async (tx) => {
      const ids: string[] = [];
      for (const agent of [...agents.keys()].sort()) {
        await this.agents.wake(tx, agent);
        ids.push((await this.runs.startOrJoin(tx, agent)).runId);
      }
      await audit(tx, 'risk', {
        actor: by.actor,
        action: 'sync-run.start',
        target: agents.size === 1 ? ([...agents.keys()][0] ?? '*') : '*',
        reason: by.reason,
        details: { run_ids: ids },
        at: new Date(),
      });
      return ids;
    });
    this.signal.wake();
    return runIds;
  }
}
