import type { DataSource, EntityManager } from 'typeorm';

/**
 * A statement that each connection parses and plans once. For hot statements whose best plan does not depend on what is in
 * the tables, such as inserts: a plan that was made for a small table stays until its statistics change.
 */
export interface PreparedStatement {
  /** Nobody else's, of at most 63 characters. */
  readonly name: string;
  readonly text: string;
}

/** What a handler may do inside a transaction: run SQL. Both methods reject with the driver's error. */
export interface Tx {
  /** Runs a statement and returns its rows (also those of `… returning`). */
  query<R = Record<string, unknown>>(
    sql: string | PreparedStatement,
    parameters?: readonly unknown[],
  ): Promise<R[]>;
  /** Runs a statement and returns how many rows it touched. */
  execute(sql: string | PreparedStatement, parameters?: readonly unknown[]): Promise<number>;
}

/** The raw result that TypeORM's runner gives when asked for a structured one. */
interface StructuredResult<R> {
  records: R[];
  affected?: number | null;
}

class ManagerTx implements Tx {
  private hasEnded = false;

  constructor(private readonly manager: EntityManager) {}

  /** From now on its use is a mistake, which must not look like a broken connection. */
  end(): void {
    this.hasEnded = true;
  }

  async query<R>(sql: string | PreparedStatement, parameters: readonly unknown[] = []): Promise<R[]> {
    return (await this.run<R>(sql, parameters)).records;
  }

  async execute(sql: string | PreparedStatement, parameters: readonly unknown[] = []): Promise<number> {
    const result = await this.run<unknown>(sql, parameters);
    return result.affected ?? result.records.length;
  }

  private async run<R>(
    sql: string | PreparedStatement,
    parameters: readonly unknown[],
  ): Promise<StructuredResult<R>> {
    const runner = this.manager.queryRunner;
    if (!runner) throw new Error('a transaction has no query runner');
    if (this.hasEnded) throw new Error('a transaction was used after its end');
    // TypeORM types a text, and hands what it is given to the driver, which takes a named statement there.
    return await runner.query(sql as string, [...parameters], true);
  }
}

/**
 * One service's door to Postgres: statements on their own, or several in one transaction.
 * It only shortens TypeORM's query runner to what handlers need, so that their SQL reads the same everywhere.
 */
export class Database {
  constructor(readonly dataSource: DataSource) {}

  /** Runs one statement in a transaction of its own and returns its rows. */
  async query<R = Record<string, unknown>>(
    sql: string | PreparedStatement,
    parameters: readonly unknown[] = [],
  ): Promise<R[]> {
    return await this.withRunner(async (tx) => await tx.query<R>(sql, parameters));
  }

  /** Runs one statement in a transaction of its own and returns how many rows it touched. */
  async execute(sql: string | PreparedStatement, parameters: readonly unknown[] = []): Promise<number> {
    return await this.withRunner(async (tx) => await tx.execute(sql, parameters));
  }

  /**
   * Runs `work` in one READ COMMITTED transaction: committed when it resolves, rolled back when it rejects.
   * READ COMMITTED is enough because every write path locks the aggregate's row before it reads it.
   */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return await this.dataSource.transaction(async (manager) => {
      const tx = new ManagerTx(manager);
      try {
        return await work(tx);
      } finally {
        tx.end();
      }
    });
  }

  async close(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  private async withRunner<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      return await work(new ManagerTx(runner.manager));
    } finally {
      await runner.release();
    }
  }
}
