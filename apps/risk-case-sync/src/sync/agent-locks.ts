import type { Database } from '@kyc-relay/persistence';
import { Lanes } from './lanes';

/** A connection kept out of the pool, since advisory locks belong to their session. */
type Session = ReturnType<Database['dataSource']['createQueryRunner']>;

/**
 * The locks of the agents that this replica works on, all on one connection: they live and die with it, so that a killed
 * replica's agents are free at once. Whoever loses the connection is told, and has lost all agents.
 */
export class AgentLocks {
  private session: Session | undefined;
  /** A connection takes one statement at a time. */
  private readonly turn = new Lanes(1);

  constructor(private readonly database: Database) {}

  /** Tries to lock an agent; false when another replica has it. Rejects when the store is away. */
  async tryLock(agent: string): Promise<boolean> {
    return await this.turn.use(async () => {
      this.session ??= this.database.dataSource.createQueryRunner();
      const rows = (await this.session.query(
        `select pg_try_advisory_lock(hashtextextended($1, 0)) as locked`,
        [nameOf(agent)],
      )) as { locked: boolean }[];
      return rows[0]?.locked === true;
    });
  }

  async unlock(agent: string): Promise<void> {
    await this.turn.use(async () => {
      await this.session?.query(`select pg_advisory_unlock(hashtextextended($1, 0))`, [nameOf(agent)]);
    });
  }

  /** Whether the connection still stands; where it does not, it is dropped, and all locks with it. */
  async isAlive(): Promise<boolean> {
    return await this.turn.use(async () => {
      try {
        await this.session?.query('select 1');
        return true;
      } catch {
        await this.drop();
        return false;
      }
    });
  }

  /** Frees everything. */
  async release(): Promise<void> {
    await this.turn.use(async () => {
      await this.drop();
    });
  }

  private async drop(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    // It goes back to the pool, where no lock must stay behind.
    await session?.query(`select pg_advisory_unlock_all()`).catch(() => undefined);
    await session?.release().catch(() => undefined);
  }
}

function nameOf(agent: string): string {
  return `risk.agent.${agent}`;
}
