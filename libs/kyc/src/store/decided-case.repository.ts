import type { Tx } from '@kyc-relay/persistence';

/** A case of a user. */
export interface CaseOfUser {
  shopeeUid: string;
  caseId: string;
}

/** One text per case, for sets. */
export function caseKey(one: CaseOfUser): string {
  return `${one.shopeeUid}/${one.caseId}`;
}

/** Of these cases the decided ones, as {@link caseKey}s. */
export async function findDecidedCases(tx: Tx, cases: readonly CaseOfUser[]): Promise<Set<string>> {
  if (cases.length === 0) return new Set();
  const rows = await tx.query<CaseOfUser>(
    `select d.shopee_uid as "shopeeUid", d.case_id as "caseId" from kyc.decided_cases d
     join unnest($1::text[], $2::text[]) as c (shopee_uid, case_id)
       on d.shopee_uid = c.shopee_uid and d.case_id = c.case_id`,
    [cases.map((one) => one.shopeeUid), cases.map((one) => one.caseId)],
  );
  return new Set(rows.map(caseKey));
}

/** Remembers decided cases. */
export async function rememberDecidedCases(tx: Tx, cases: readonly CaseOfUser[]): Promise<void> {
  if (cases.length === 0) return;
  await tx.execute(
    `insert into kyc.decided_cases (shopee_uid, case_id)
     select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
    [cases.map((one) => one.shopeeUid), cases.map((one) => one.caseId)],
  );
}
