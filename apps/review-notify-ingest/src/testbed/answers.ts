import type { Answer } from './review-bed';

/** An answer in one line: status, body, type. */
export function told({ status, body, headers }: Answer): string {
  return `${status} ${body} ${headers.get('content-type') ?? ''}`;
}

/** The answer to a notification that is taken. */
export const SUCCESS = '200 SUCCESS text/plain; charset=utf-8';

/** The answer to one that is not, where the sender does not read JSON. */
export function fail(status: number): string {
  return `${status} FAIL text/plain; charset=utf-8`;
}
