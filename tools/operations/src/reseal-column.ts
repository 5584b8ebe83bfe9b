import { setTimeout as delay } from 'node:timers/promises';
import { SealError, type KeyRing } from '@kyc-relay/crypto';
import type { Database } from '@kyc-relay/persistence';
import type { SealedColumn } from './sealed-columns';

/** Pages of 8 kB of one transaction: some hundred rows, locked for milliseconds. */
const PAGES = 16;
/** Rows that a service holds are passed over, and may move behind us: another pass finds them. */
const MAX_PASSES = 5;
const BETWEEN_PASSES_MS = 500;

/** What became of a column. */
export interface ResealResult {
  /** Values that were sealed anew. */
  resealed: number;
  /** Values that are still sealed with another key. */
  left: number;
  /** Of those the ones that do not open, by code. */
  unopened: ReadonlyMap<string, number>;
}

/** How a run is watched and ended. */
export interface ResealOptions {
  /** Called after each batch with how many values are sealed anew, of how many that waited. */
  report?: (resealed: number, waiting: number) => void;
  /** Ends the run after the batch under way. */
  signal?: AbortSignal;
}

interface SealedRow {
  ctid: string;
  row: string;
  value: Buffer;
}

/**
 * Seals the values of a column with the key that seals now, page by page of its table. A value that is sealed so already is
 * passed over by its first bytes, so a run that is started again goes on where the last one ended. Services may go on
 * working: no row that they hold is waited for, and none is held for long.
 */
export async function resealColumn(
  database: Database,
  keyRing: KeyRing,
  column: SealedColumn,
  { report = () => undefined, signal }: ResealOptions = {},
): Promise<ResealResult> {
  const batches = new BatchReseal(database, keyRing, column);
  let waiting = await batches.countWaiting();
  let resealed = 0;
  for (let pass = 1; ; pass += 1) {
    batches.unopened.clear();
    const pages = waiting === 0 ? 0 : await batches.countPages();
    for (let page = 0; page < pages && signal?.aborted !== true; page += PAGES) {
      resealed += await batches.reseal(page);
      report(resealed, waiting);
    }
    const left = await batches.countWaiting();
    const unopened = [...batches.unopened.values()].reduce((sum, count) => sum + count, 0);
    if (left <= unopened || pass === MAX_PASSES || signal?.aborted === true)
      return { resealed, left, unopened: batches.unopened };
    waiting = resealed + left;
    await delay(BETWEEN_PASSES_MS);
  }
}

/** The statements on one sealed column. */
class BatchReseal {
  /** Values of this pass that do not open, by code. */
  readonly unopened = new Map<string, number>();
  private readonly condition: string;

  constructor(
    private readonly database: Database,
    private readonly keyRing: KeyRing,
    private readonly place: SealedColumn,
  ) {
    const { column, where = 'true' } = place;
    const { head } = keyRing;
    this.condition = `${column} is not null and (${where})
      and substr(${column}, 1, ${head.length}) <> '\\x${head.toString('hex')}'`;
  }

  async countWaiting(): Promise<number> {
    const rows = await this.database.query<{ count: string }>(
      `select count(*) from ${this.place.table} where ${this.condition}`,
    );
    return Number(rows[0]?.count ?? 0);
  }

  async countPages(): Promise<number> {
    const rows = await this.database.query<{ pages: string }>(
      `select pg_relation_size('${this.place.table}') / current_setting('block_size')::int as pages`,
    );
    return Number(rows[0]?.pages ?? 0);
  }

  /** Seals the values on the pages from this one on; returns how many. */
  async reseal(firstPage: number): Promise<number> {
    const { table, column, row } = this.place;
    return await this.database.transaction(async (tx) => {
      const rows = await tx.query<SealedRow>(
        `select ctid::text as ctid, ${row}::text as row, ${column} as value from ${table}
         where ctid >= $1::tid and ctid < $2::tid and ${this.condition} for update skip locked`,
        [`(${firstPage},0)`, `(${firstPage + PAGES},0)`],
      );
      const sealed = rows.flatMap((one) => this.sealAnew(one) ?? []);
      await tx.execute(
        `update ${table} as t set ${column} = n.value from unnest($1::tid[], $2::bytea[]) as n (ctid, value)
         where t.ctid = n.ctid`,
        [sealed.map(({ ctid }) => ctid), sealed.map(({ value }) => value)],
      );
      return sealed.length;
    });
  }

  private sealAnew({ ctid, row, value }: SealedRow): { ctid: string; value: Buffer } | undefined {
    const place = { table: this.place.table, column: this.place.column, row };
    try {
      return { ctid, value: this.keyRing.seal(this.keyRing.open(value, place), place) };
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      this.unopened.set(error.code, (this.unopened.get(error.code) ?? 0) + 1);
      return undefined;
    }
  }
}
