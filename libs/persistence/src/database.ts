import type { DataSource } from 'typeorm';
import { sessionOf, type OpenTx, type PreparedStatement, type Session } from './session';

/**
 * One service's door to Postgres: statements on their own, or several in one transaction.
 * Connections are those of TypeORM's data source; what they are told goes to its driver as it is.
 */
export class Database {
  constructor(readonly dataSource: DataSource) {}

  /** Runs one statement in a transaction of its own and returns its rows. */
  async query<R = Record<string, unknown>>(
    sql: string | PreparedStatement,
    parameters: readonly unknown[] = [],
  ): Promise<R[]> {
    return await this.withSession(async (session) => await session.query<R>(sql, parameters));
  }

  /** Runs one statement in a transaction of its own and returns how many rows it touched. */
  async execute(sql: string | PreparedStatement, parameters: readonly unknown[] = []): Promise<number> {
    return await this.withSession(async (session) => await session.execute(sql, parameters));
  }

  /**
   * Runs `work` in one READ COMMITTED transaction: committed when it resolves, rolled back when it rejects.
   * READ COMMITTED is enough because every write path locks the aggregate's row before it reads it.
   */
  async transaction<T>(work: (tx: OpenTx) => Promise<T> | T): Promise<T> {
    return await this.withSession(async (session) => await session.transaction(work));
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  private async withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await work(await sessionOf(runner));
    } finally {
      await runner.release();
    }
  }
}
