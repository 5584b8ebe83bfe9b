import { mask, RISK_MASKED_FIELDS, type RiskCaseChangeKind, type RiskCaseValue } from '@kyc-relay/contracts';

/** Reviewed and passed: the only status after which a case is done (risk-cases.md, Pull). Unknown ones count as open. */
export const FINAL_STATUS = 'SHTG';

const KIND_OF_FIELD = new Map<string, RiskCaseChangeKind>([
  ['flowStatus', 'STATUS'],
  ...['firstMeasure', 'finalMeasure', 'upperProcessMethod', 'measure', 'remark'].map(
    (field): [string, RiskCaseChangeKind] => [field, 'MEASURE'],
  ),
  ['isAppeal', 'APPEAL'],
  ['appealResult', 'APPEAL'],
  ['approveList', 'APPROVAL'],
  ['detailList', 'DETAIL'],
  ['caseImgList', 'IMAGE'],
]);

/** What kind of change a change of this field is. */
export function kindOfField(field: string): RiskCaseChangeKind {
  return KIND_OF_FIELD.get(field) ?? (field.startsWith('claimant') ? 'APPEAL' : 'FIELD');
}

/** A value with everything personal in it masked, wherever it stands. */
export function maskValue(field: string, value: RiskCaseValue): RiskCaseValue {
  if (typeof value === 'string') return RISK_MASKED_FIELDS.has(field) ? mask(value) : value;
  if (isList(value)) return value.map((element) => maskValue(field, element));
  const isMasked = RISK_MASKED_FIELDS.has(field);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, maskValue(isMasked ? field : name, inner)]),
  );
}

/** A whole case, masked. */
export function maskContent(content: Readonly<Record<string, RiskCaseValue>>): Record<string, RiskCaseValue> {
  return Object.fromEntries(
    Object.entries(content).map(([field, value]) => [field, maskValue(field, value)]),
  );
}

function isList(value: RiskCaseValue): value is readonly RiskCaseValue[] {
  return Array.isArray(value);
}
