import type { Duplex } from 'node:stream';
import type { PoolClient, QueryResult, QueryResultRow } from 'pg';
import type { QueryRunner } from 'typeorm';
import { nameStoreError } from './store-away';

/**
 * A statement that each connection parses and plans once: a plan that was made for a small table stays until its statistics
 * change. For hot statements whose best plan does not depend on what is in the tables: inserts, and in a context whose plans
 * go by keys (ADR 9) all that do.
 */
export interface PreparedStatement {
  /** Nobody else's, of at most 63 characters. */
  readonly name: string;
  readonly text: string;
}

/** What a handler may do inside a transaction: run SQL. All reject with the driver's error. */
export interface Tx {
  /** Runs a statement and returns its rows (also those of `… returning`). */
  query<R = Record<string, unknown>>(
    sql: string | PreparedStatement,
    parameters?: readonly unknown[],
  ): Promise<R[]>;
  /** Runs a statement and returns how many rows it touched. */
  execute(sql: string | PreparedStatement, parameters?: readonly unknown[]): Promise<number>;
}

/** A transaction that is open until its work ends. */
export interface OpenTx extends Tx {
  /**
   * Sends a statement whose result nobody needs, and does not wait for it: it travels with what follows, the commit
   * included. When it fails, the transaction rejects with its error and leaves nothing.
   */
  write(sql: string | PreparedStatement, parameters?: readonly unknown[]): void;
  /**
   * Calls back once when the transaction is over, before whoever began it hears of it.
   * Not committed means not known to be: an answer that was lost with the connection may have been a commit.
   * A listener that throws is a mistake of the program, and ends the process: the transaction stands as it is.
   */
  onEnd(listener: (isCommitted: boolean) => void): void;
}

/** One connection, lent by the pool. Its statements are sent without waiting for those before, and done in their order. */
export class Session implements Tx {
  private readonly stream: Duplex;
  private isCorked = false;

  constructor(private readonly client: PoolClient) {
    // What is said in one turn of the event loop goes out in one packet; the driver's typings leave its socket out.
    this.stream = (client as unknown as { connection: { stream: Duplex } }).connection.stream;
  }

  async query<R>(sql: string | PreparedStatement, parameters: readonly unknown[] = []): Promise<R[]> {
    return rowsOf<R>(await this.send(sql, parameters));
  }

  async execute(sql: string | PreparedStatement, parameters: readonly unknown[] = []): Promise<number> {
    return countOf(await this.send(sql, parameters));
  }

  /** Runs `work` in one transaction; see `Database.transaction`. */
  async transaction<T>(work: (tx: OpenTx) => Promise<T> | T): Promise<T> {
    const tx = new Transaction(this);
    tx.write('begin');
    try {
      const result = await work(tx);
      await tx.commit();
      return result;
    } catch (error) {
      throw await tx.rollBack(error);
    } finally {
      tx.tellEnd();
    }
  }

  /** Sends a statement; what it gives comes when those before it are done. */
  async send(
    sql: string | PreparedStatement,
    parameters: readonly unknown[] = [],
  ): Promise<QueryResult<QueryResultRow>> {
    this.cork();
    const statement = typeof sql === 'string' ? { text: sql } : sql;
    // Without parameters the simple protocol is the shorter one.
    return await this.client.query(
      parameters.length === 0 ? statement : { ...statement, values: parameters as unknown[] },
    );
  }

  private cork(): void {
    if (this.isCorked) return;
    this.isCorked = true;
    this.stream.cork();
    process.nextTick(() => {
      this.isCorked = false;
      this.stream.uncork();
    });
  }
}

/** What Postgres says of all that follows a failed statement. */
const ALREADY_FAILED = '25P02';

class Transaction implements OpenTx {
  private hasEnded = false;
  private isCommitted = false;
  private readonly listeners: ((isCommitted: boolean) => void)[] = [];
  /** What was sent; each resolves when it is answered, however. */
  private readonly sent: Promise<unknown>[] = [];
  /** What made the server give the transaction up: answers come in the order of the statements, the first is the cause. */
  private failure: unknown;

  constructor(private readonly session: Session) {}

  async query<R>(sql: string | PreparedStatement, parameters?: readonly unknown[]): Promise<R[]> {
    this.requireOpen();
    const answer = this.session.send(sql, parameters);
    this.note(answer);
    return rowsOf<R>(await answer);
  }

  async execute(sql: string | PreparedStatement, parameters?: readonly unknown[]): Promise<number> {
    this.requireOpen();
    const answer = this.session.send(sql, parameters);
    this.note(answer);
    return countOf(await answer);
  }

  write(sql: string | PreparedStatement, parameters?: readonly unknown[]): void {
    this.requireOpen();
    this.note(this.session.send(sql, parameters));
  }

  onEnd(listener: (isCommitted: boolean) => void): void {
    this.requireOpen();
    this.listeners.push(listener);
  }

  tellEnd(): void {
    for (const listener of this.listeners) {
      try {
        listener(this.isCommitted);
      } catch (error) {
        process.nextTick(() => {
          throw error;
        });
      }
    }
  }

  /** Commits together with what was sent last. */
  async commit(): Promise<void> {
    this.hasEnded = true;
    const { command } = await this.session.send('commit');
    if (command === 'COMMIT') {
      this.isCommitted = true;
      return;
    }
    // A transaction in which a statement has failed is not committed, although the commit itself does not fail.
    await Promise.all(this.sent);
    throw this.failure;
  }

  /** Rolls back, whatever is still under way; returns what to reject with. */
  async rollBack(error: unknown): Promise<unknown> {
    this.hasEnded = true;
    await this.session.send('rollback').catch(() => undefined);
    await Promise.all(this.sent);
    return nameStoreError(error) === ALREADY_FAILED ? this.failure : error;
  }

  private requireOpen(): void {
    // A mistake, which must not look like a broken connection.
    if (this.hasEnded) throw new Error('a transaction was used after its end');
  }

  /** Straight from the session, so that failures which come in one packet are noted in their order. */
  private note(answer: Promise<unknown>): void {
    this.sent.push(
      answer.catch((error: unknown) => {
        this.failure ??= error;
      }),
    );
  }
}

function rowsOf<R>(result: QueryResult<QueryResultRow>): R[] {
  return result.rows as R[];
}

function countOf(result: QueryResult<QueryResultRow>): number {
  return result.rowCount ?? result.rows.length;
}

/** The runner's connection, which goes back to the pool when the runner is released. */
export async function sessionOf(runner: QueryRunner): Promise<Session> {
  return new Session((await runner.connect()) as PoolClient);
}
