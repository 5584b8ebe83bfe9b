import type { Tx } from '@kyc-relay/persistence';
import type { PushNotes } from '../domain/normalise-case';

/** What pushes have said of these cases, where they have said anything. */
export async function readPushNotes(tx: Tx, flowNos: readonly string[]): Promise<Map<string, PushNotes>> {
  const rows = await tx.query<{ flow_no: string; measure: string | null; remark: string | null }>(
    `select flow_no, measure, remark from risk.push_notes where flow_no = any($1::text[])`,
    [flowNos],
  );
  return new Map(
    rows.map(({ flow_no: flowNo, measure, remark }) => [
      flowNo,
      { ...(measure === null ? {} : { measure }), ...(remark === null ? {} : { remark }) },
    ]),
  );
}

/** Keeps what a push says of a case; what it does not say stays as it was. */
export async function keepPushNotes(tx: Tx, flowNo: string, { measure, remark }: PushNotes): Promise<void> {
  if (measure === undefined && remark === undefined) return;
  await tx.execute(
    `insert into risk.push_notes as n (flow_no, measure, remark) values ($1, $2, $3)
     on conflict (flow_no) do update set
       measure = coalesce(excluded.measure, n.measure), remark = coalesce(excluded.remark, n.remark)`,
    [flowNo, measure ?? null, remark ?? null],
  );
}
