import { packTexts, type OpenTx, type PreparedStatement, type Tx } from '@kyc-relay/persistence';

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
  const rows = await tx.query<CaseOfUser>(FIND, parametersOf(cases));
  return new Set(rows.map(caseKey));
}

/** Remembers decided cases. */
export function rememberDecidedCases(tx: OpenTx, cases: readonly CaseOfUser[]): void {
  if (cases.length === 0) return;
  tx.write(REMEMBER, parametersOf(cases));
}

function parametersOf(cases: readonly CaseOfUser[]): Buffer[] {
  return [packTexts(cases.map((one) => one.shopeeUid)), packTexts(cases.map((one) => one.caseId))];
}

// The limit makes it one look-up a case, whatever the planner thinks of the table.
const FIND: PreparedStatement = {
  name: 'kyc find decided cases',
  text: `select d.shopee_uid as "shopeeUid", d.case_id as "caseId"
    from unnest($1::text[], $2::text[]) as c (shopee_uid, case_id) cross join lateral (
      select shopee_uid, case_id from kyc.decided_cases
      where shopee_uid = c.shopee_uid and case_id = c.case_id limit 1
    ) d`,
};

const REMEMBER: PreparedStatement = {
  name: 'kyc remember decided cases',
  text: `insert into kyc.decided_cases (shopee_uid, case_id)
    select * from unnest($1::text[], $2::text[]) on conflict do nothing`,
};
