import type { FieldError } from '@kyc-relay/contracts';

/** Why a request of a partner is refused; told to it as a `ret_code` (payees.md, Answers). */
export type PayeeRefusalCode =
  | 'payee.parameter-missing'
  | 'payee.value-wrong'
  | 'payee.parameters-misfit'
  | 'payee.key-unknown'
  | 'payee.status-forbids';

/** A refusal with each field or key it is about; never a value. */
export interface PayeeRefusal {
  readonly ok: false;
  readonly code: PayeeRefusalCode;
  readonly problems: readonly FieldError[];
}

/** A refusal about fields. */
export function refuse(code: PayeeRefusalCode, problems: readonly FieldError[]): PayeeRefusal {
  return { ok: false, code, problems };
}

/** A refusal that says the same of each of some fields. */
export function refuseFields(
  code: PayeeRefusalCode,
  fields: readonly string[],
  message: string,
): PayeeRefusal {
  return refuse(
    code,
    fields.map((field) => ({ field, message })),
  );
}
