import type { ErrorEnvelope, ProblemDetails } from '@kyc-relay/http';

/** Where clients ask for cases. */
export const QUERY_PATH = '/v1/risk-cases/query';
/** Where the partner pushes cases. */
export const NOTIFY_PATH = '/v1/notify/risk-cases';

/** Longest `return_msg` (risk-cases.md, Push). */
const LONGEST_MESSAGE = 128;

/** A refused query, in the partner's words. */
export interface QueryRefusal {
  respCode: '99';
  respMsg: string;
}

/** A refused query; every authentication failure is {@link NOT_SIGNED}, byte for byte. */
export function refuseQuery(field: string, message: string): QueryRefusal {
  return { respCode: '99', respMsg: `${field} ${message}` };
}

/** What tells nothing about why a query is not authentic. */
export const NOT_SIGNED = refuseQuery('sign', 'is wrong');

/** A taken push. */
export const SUCCESS = { return_code: 'SUCCESS' } as const;

function renderQuery(problem: ProblemDetails): { body: QueryRefusal; status: number } {
  const status = [413, 429, 503].includes(problem.status) ? problem.status : problem.status < 500 ? 200 : 503;
  return { status, body: { respCode: '99', respMsg: describe(problem) } };
}

function renderPush(problem: ProblemDetails): { body: object; status: number } {
  const status = problem.status === 500 ? 503 : problem.status;
  return { status, body: { return_code: 'FAIL', return_msg: describe(problem).slice(0, LONGEST_MESSAGE) } };
}

function describe(problem: ProblemDetails): string {
  const [error] = problem.errors ?? [];
  return error ? `${error.field} ${error.message}` : (problem.detail ?? problem.title.toLowerCase());
}

/** Errors of the partner's paths, in its words. */
export const RISK_ENVELOPES: readonly ErrorEnvelope[] = [
  { path: QUERY_PATH, render: renderQuery },
  { path: NOTIFY_PATH, render: renderPush },
];
