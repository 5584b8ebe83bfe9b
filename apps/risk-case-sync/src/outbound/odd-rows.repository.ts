import { newEventId } from '@kyc-relay/contracts';
import type { KeyRing } from '@kyc-relay/crypto';
import type { Tx } from '@kyc-relay/persistence';
import type { OddReason } from '../domain/read-row';

/** A row that is no case. */
export interface OddRow {
  agent: string;
  /** Tells rows apart; keyed, since a row can hold an identity number. */
  hash: string;
  reason: OddReason;
  raw: string;
}

/** Rows of the partner's answers that are no case, kept aside. */
export class OddRowsRepository {
  constructor(private readonly keyRing: KeyRing) {}

  /** Keeps rows, each once. */
  async keep(tx: Tx, rows: readonly OddRow[]): Promise<void> {
    for (const row of rows) {
      const id = newEventId();
      const sealed = this.keyRing.seal(row.raw, { table: 'risk.odd_rows', column: 'raw', row: id });
      await tx.execute(
        `insert into risk.odd_rows (id, agent, row_hash, reason, raw) values ($1, $2, $3, $4, $5)
         on conflict (agent, row_hash) do update set last_seen_at = now()`,
        [id, row.agent, row.hash, row.reason, sealed],
      );
    }
  }
}
