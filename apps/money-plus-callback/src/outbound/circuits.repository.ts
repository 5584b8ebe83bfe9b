import type { Database, Tx } from '@kyc-relay/persistence';
import type { Circuit } from '../domain/circuit';

/** One business's endpoint; the key of its circuit. */
export interface EndpointKey {
  bizId: string;
  origin: string;
}

/** One text per endpoint, for maps. */
export function endpointKey(endpoint: EndpointKey): string {
  return `${endpoint.bizId}\n${endpoint.origin}`;
}

/** A circuit to store. */
export interface CircuitChange extends EndpointKey {
  circuit: Circuit;
  /** When to probe next, from now; null leaves it as it is. Only of an open circuit. */
  probeInMs: number | null;
}

interface CircuitRow {
  biz_id: string;
  origin: string;
  failures: number;
  open: boolean;
  probe_delay_ms: number;
}

/** The circuits that all replicas share. An endpoint without a row is well. */
export class CircuitsRepository {
  constructor(private readonly database: Database) {}

  /** Makes rows for the failing endpoints, then locks and reads those of all endpoints given. */
  async lock(
    tx: Tx,
    endpoints: readonly EndpointKey[],
    failing: readonly EndpointKey[],
  ): Promise<Map<string, Circuit>> {
    if (failing.length > 0) {
      await tx.execute(
        `insert into money_plus.circuits (biz_id, origin, failures)
         select biz_id, origin, 0 from unnest($1::text[], $2::text[]) as e (biz_id, origin) order by 1, 2
         on conflict do nothing`,
        columnsOf(failing),
      );
    }
    const rows = await tx.query<CircuitRow>(
      `select c.biz_id, c.origin, failures, opened_at is not null as open, probe_delay_ms
       from money_plus.circuits c join unnest($1::text[], $2::text[]) as e (biz_id, origin)
         on c.biz_id = e.biz_id and c.origin = e.origin
       order by 1, 2 for update of c`,
      columnsOf(endpoints),
    );
    return new Map(
      rows.map((row) => [
        endpointKey({ bizId: row.biz_id, origin: row.origin }),
        { failures: row.failures, open: row.open, probeDelayMs: row.probe_delay_ms },
      ]),
    );
  }

  /** Stores circuits that are locked; one that is well again loses its row. */
  async save(tx: Tx, changes: readonly CircuitChange[]): Promise<void> {
    const well = changes.filter(({ circuit }) => circuit.failures === 0);
    if (well.length > 0) {
      await tx.execute(
        `delete from money_plus.circuits c using unnest($1::text[], $2::text[]) as e (biz_id, origin)
         where c.biz_id = e.biz_id and c.origin = e.origin`,
        columnsOf(well),
      );
    }
    const failing = changes.filter(({ circuit }) => circuit.failures > 0);
    if (failing.length === 0) return;
    await tx.execute(
      `update money_plus.circuits c set
         failures = s.failures, probe_delay_ms = s.probe_delay_ms,
         opened_at = case when s.open then coalesce(c.opened_at, now()) end,
         next_probe_at = case when s.open
           then coalesce(now() + s.probe_in_ms * interval '1 millisecond', c.next_probe_at) end
       from json_to_recordset($1::json) as s
         (biz_id text, origin text, failures integer, open boolean, probe_delay_ms integer, probe_in_ms integer)
       where c.biz_id = s.biz_id and c.origin = s.origin`,
      [
        JSON.stringify(
          failing.map(({ bizId, origin, circuit, probeInMs }) => ({
            biz_id: bizId,
            origin,
            failures: circuit.failures,
            open: circuit.open,
            probe_delay_ms: circuit.probeDelayMs,
            probe_in_ms: probeInMs,
          })),
        ),
      ],
    );
  }

  /** The endpoints whose circuit is open. */
  async listOpen(): Promise<EndpointKey[]> {
    return await this.database.query<EndpointKey>(
      `select biz_id as "bizId", origin from money_plus.circuits where opened_at is not null`,
    );
  }
}

function columnsOf(endpoints: readonly EndpointKey[]): [string[], string[]] {
  return [endpoints.map((one) => one.bizId), endpoints.map((one) => one.origin)];
}
