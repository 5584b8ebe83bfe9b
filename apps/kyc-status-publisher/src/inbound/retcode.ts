import type { ErrorEnvelope, ProblemDetails } from '@kyc-relay/http';
import { badRequest, ProblemException } from '@kyc-relay/http';
import type { FieldError } from '@kyc-relay/contracts';

/** The wallet's convention: 0 good, 1 a wrong field, 2 not authenticated, -1 our fault, try again. */
const RETCODES = { ok: 0, badRequest: 1, unauthorized: 2, unavailable: -1 } as const;

/** What a business's call answers when it went well. */
export interface RetcodeAnswer {
  retcode: 0;
  message: 'success';
  data: object;
}

export function success(data: object): RetcodeAnswer {
  return { retcode: RETCODES.ok, message: 'success', data };
}

/** Every authentication failure is this one, so that nothing can be told apart. */
export function notAuthenticated(): ProblemException {
  return new ProblemException(401, 'signature', 'Unauthorized');
}

/** 400 that names the fields. */
export function wrongFields(errors: readonly FieldError[]): ProblemException {
  return badRequest([...errors]);
}

function render(problem: ProblemDetails): { body: object } {
  const retcode =
    problem.status >= 500
      ? RETCODES.unavailable
      : problem.status === 401
        ? RETCODES.unauthorized
        : RETCODES.badRequest;
  const fields = problem.errors?.map(({ field, message }) => `${field} ${message}`).join('; ');
  return { body: { retcode, message: fields ?? problem.detail ?? problem.title.toLowerCase() } };
}

/** The paths whose errors are told as `{"retcode", "message"}`. */
export const RETCODE_ENVELOPES: readonly ErrorEnvelope[] = [
  { path: '/v1/subscriptions', render },
  { path: '/v1/kyc/query-field-result', render },
];
