import type { Tx } from '@kyc-relay/persistence';
import type { ReadPage } from '../domain/judge-reading';
import type { SyncWindow } from '../domain/sync-window';
import { formatInstant } from '../domain/zone-time';

/** A window that is still to be read. */
export interface PendingWindow extends SyncWindow {
  id: string;
  /** Whole readings so far. */
  readings: number;
  /** What the last one gave, where it is worth comparing. */
  signature: string | null;
}

/** A page of a window that was read. */
export interface WindowPage extends ReadPage {
  windowId: string;
}

interface WindowRow {
  id: string;
  from_at: Date;
  to_at: Date;
  readings: number;
  signature: string | null;
}

/** What is still to be read, and what of it has been. */
export class WindowsRepository {
  /** Adds windows. */
  async add(
    tx: Tx,
    agent: string,
    windows: readonly SyncWindow[],
    month: string | null = null,
  ): Promise<void> {
    await tx.execute(
      `insert into risk.sync_windows (agent, month, from_at, to_at)
       select $1, $2, * from unnest($3::timestamptz[], $4::timestamptz[])`,
      [
        agent,
        month,
        windows.map(({ from }) => formatInstant(from)),
        windows.map(({ to }) => formatInstant(to)),
      ],
    );
  }

  /** The agent's windows in the order of time, but for some. */
  async pending(tx: Tx, agent: string, but: readonly string[], limit: number): Promise<PendingWindow[]> {
    const rows = await tx.query<WindowRow>(
      `select id, from_at, to_at, readings, signature from risk.sync_windows
       where agent = $1 and id <> all($2::bigint[]) order by from_at, id limit $3`,
      [agent, but, limit],
    );
    return rows.map((row) => ({
      id: row.id,
      from: row.from_at.getTime(),
      to: row.to_at.getTime(),
      readings: row.readings,
      signature: row.signature,
    }));
  }

  /** Whether windows of a month are still to be read. */
  async hasMonth(tx: Tx, agent: string, month: string): Promise<boolean> {
    const rows = await tx.query(`select from risk.sync_windows where agent = $1 and month = $2 limit 1`, [
      agent,
      month,
    ]);
    return rows.length > 0;
  }

  /** The pages of the reading under way. */
  async pagesOf(tx: Tx, windowId: string): Promise<ReadPage[]> {
    const rows = await tx.query<{ page: number; total: string | null; keys: string[] }>(
      `select page, total, keys from risk.window_pages where window_id = $1 order by page`,
      [windowId],
    );
    return rows.map(({ page, total, keys }) => ({
      page,
      total: total === null ? null : Number(total),
      keys,
    }));
  }

  /** Notes pages as read, in the transaction that saves their rows. */
  async notePages(tx: Tx, pages: readonly WindowPage[]): Promise<void> {
    if (pages.length === 0) return;
    const rows = pages.map(({ windowId, page, total, keys }) => ({ window_id: windowId, page, total, keys }));
    await tx.execute(
      `insert into risk.window_pages (window_id, page, total, keys)
       select window_id, page, total, keys
       from json_to_recordset($1::json) as n (window_id bigint, page int, total bigint, keys text[])
       on conflict (window_id, page) do update set total = excluded.total, keys = excluded.keys`,
      [JSON.stringify(rows)],
    );
  }

  /** A window is read: it goes, with its pages. */
  async remove(tx: Tx, id: string): Promise<void> {
    await tx.execute(`delete from risk.sync_windows where id = $1`, [id]);
  }

  /** A window is to be read from its first page again. */
  async startOver(tx: Tx, id: string, signature: string): Promise<void> {
    await tx.execute(`delete from risk.window_pages where window_id = $1`, [id]);
    await tx.execute(`update risk.sync_windows set readings = readings + 1, signature = $2 where id = $1`, [
      id,
      signature,
    ]);
  }

  /** A window is replaced by its halves. */
  async cut(tx: Tx, id: string, halves: readonly SyncWindow[]): Promise<void> {
    const rows = await tx.query<{ agent: string; month: string | null }>(
      `delete from risk.sync_windows where id = $1 returning agent, month::text`,
      [id],
    );
    const [window] = rows;
    if (window) await this.add(tx, window.agent, halves, window.month);
  }
}
