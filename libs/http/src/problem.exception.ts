import { HttpException } from '@nestjs/common';

/** A wrong field of a request: a path such as `reason` or `[3].data.level`, and what is wrong, never the value. */
export interface ProblemField {
  /** Which element of a batch, from 0. */
  index?: number;
  field: string;
  message: string;
}

/** RFC 9457 problem details, with our wrong fields in `errors`. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: ProblemField[];
}

/** A refusal of our own API; its body becomes `application/problem+json`. */
export class ProblemException extends HttpException {
  /** @param code a stable code such as `task.stale`; `type` is `urn:kyc-relay:problem:<code>` */
  constructor(
    status: number,
    code: string,
    title: string,
    more: { detail?: string; errors?: ProblemField[] } = {},
  ) {
    const body: ProblemDetails = { type: problemType(code), title, status, ...more };
    super(body, status);
  }
}

/** The `type` member for one of our codes. */
export function problemType(code: string): string {
  return `urn:kyc-relay:problem:${code}`;
}

/** 400 for fields that are missing or wrong. */
export function badRequest(errors: ProblemField[], detail?: string): ProblemException {
  return new ProblemException(400, 'bad-request', 'The request is not valid', {
    errors,
    ...(detail === undefined ? {} : { detail }),
  });
}
