import type { FieldError } from '@kyc-relay/contracts';
import type { ErrorEnvelope, ProblemDetails } from '@kyc-relay/http';
import type { PayeeRefusal, PayeeRefusalCode } from '../domain/refusal';

/** The partner's codes (payees.md, Answers). */
export const RET_CODES = {
  done: '000100',
  ourFault: '000000',
  missing: '000020',
  unknownKey: '000021',
  misfit: '000022',
  wrongValue: '000023',
  notAuthentic: '000030',
  statusForbids: '000040',
} as const;

/** What every answer of the partner's API has, in the order of the source. */
export interface RetAnswer {
  ret_msg: string;
  ret_code: string;
}

const CODES: Readonly<Record<PayeeRefusalCode, string>> = {
  'payee.parameter-missing': RET_CODES.missing,
  'payee.value-wrong': RET_CODES.wrongValue,
  'payee.parameters-misfit': RET_CODES.misfit,
  'payee.key-unknown': RET_CODES.unknownKey,
  'payee.status-forbids': RET_CODES.statusForbids,
};

/** The answer to something done. */
export function done(message: string, more: object = {}): RetAnswer {
  return { ret_msg: message, ret_code: RET_CODES.done, ...more };
}

/** The answer to a refused request; it names fields and keys, never values. */
export function refused({ code, problems }: PayeeRefusal): RetAnswer {
  return { ret_msg: tell(problems), ret_code: CODES[code] };
}

/** The answer to a request without its addressing fields, or without readable JSON. */
export function missing(problems: readonly FieldError[]): RetAnswer {
  return { ret_msg: tell(problems), ret_code: RET_CODES.missing };
}

/** The one answer to every failure of authentication, so that nothing can be told apart. */
export function notAuthentic(): RetAnswer {
  return { ret_msg: 'signature, merchant, store or timestamp refused', ret_code: RET_CODES.notAuthentic };
}

function tell(problems: readonly FieldError[]): string {
  return problems.map(({ field, message }) => `${field} ${message}`).join('; ');
}

/** Our faults are 503 with the partner's code for "nothing changed, try again"; so is a rate that was passed, with 429. */
function render(problem: ProblemDetails): { body: object; status?: number } {
  const message = problem.detail ?? problem.title.toLowerCase();
  if (problem.status >= 500)
    return { body: { ret_msg: 'try again later', ret_code: RET_CODES.ourFault }, status: 503 };
  const code = problem.status === 429 ? RET_CODES.ourFault : RET_CODES.wrongValue;
  return { body: { ret_msg: message, ret_code: code } satisfies RetAnswer };
}

/** The paths whose errors are told as `{"ret_msg", "ret_code"}`. */
export const RET_ENVELOPES: readonly ErrorEnvelope[] = [{ path: '/v3/payee', render }];
