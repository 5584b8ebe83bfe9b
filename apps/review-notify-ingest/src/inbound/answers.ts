import type { ErrorEnvelope, ProblemDetails } from '@kyc-relay/http';

/** Where notifications come in. */
export const NOTIFY_PATH = '/v1/notify/reviews';

/** The partner's words (review-notify.md, Answer and duplicates). */
export const SUCCESS = 'SUCCESS';
const FAIL = 'FAIL';

const NAMES_JSON = /\bapplication\/(?:[\w.-]+\+)?json\b/i;
/** What is wrong with a request is told to whoever reads JSON; of other refusals there is nothing to tell. */
const EXPLAINED = [400, 413];

function render(
  problem: ProblemDetails,
  accept: string | undefined,
): { body: object | string; contentType: string } {
  return EXPLAINED.includes(problem.status) && NAMES_JSON.test(accept ?? '')
    ? { body: problem, contentType: 'application/problem+json' }
    : { body: FAIL, contentType: 'text/plain; charset=utf-8' };
}

/** Errors of notifications are told as `FAIL`. */
export const NOTIFY_ENVELOPES: readonly ErrorEnvelope[] = [{ path: NOTIFY_PATH, render }];
