import { maskRepeated } from './personal-values';

/**
 * What an endpoint's answer means. Source: kyc-to-money-plus.md, "Callback to Money+", Result.
 */

/** Why an attempt failed, as it is stored, shown and counted. */
export const ERROR_CLASSES = [
  'RETCODE',
  'HTTP_STATUS',
  'REDIRECT',
  'TIMEOUT',
  'CONNECT',
  'RESET',
  'TLS',
  'NOT_JSON',
  'TOO_LARGE',
  'BLOCKED_ADDRESS',
] as const;
export type ErrorClass = (typeof ERROR_CLASSES)[number];

/** A call that brought a whole answer, or as much of it as we read. */
export interface Answered {
  kind: 'answered';
  status: number;
  /** The body as text; cut at the reading limit when `overLimit`. */
  body: string;
  overLimit: boolean;
}

/** A call that brought no whole answer. */
export interface Broken {
  kind: 'broken';
  error: Extract<ErrorClass, 'TIMEOUT' | 'CONNECT' | 'RESET' | 'TLS' | 'TOO_LARGE' | 'BLOCKED_ADDRESS'>;
  /** Set when the head of an answer came before the call broke. */
  status: number | null;
  /** What came of the body; null when no head came. */
  body: string | null;
}

export type CallResult = Answered | Broken;

/** The judgement of one attempt, as it goes on record. */
export interface Verdict {
  delivered: boolean;
  /** Null exactly when delivered. */
  error: ErrorClass | null;
  httpStatus: number | null;
  /** The receiver's code; null unless it was a number that can be stored. */
  retcode: number | null;
  /** First 256 characters of the response, what it repeats of a person masked; null when there was none. */
  responsePrefix: string | null;
  /** The business declared this code as one that no retry will change. */
  final: boolean;
}

const PREFIX_CHARACTERS = 256;
/** No value that begins within the prefix ends after these, however it is escaped (512 characters, six for each). */
const READ_FOR_PREFIX = 4_096;

/**
 * Judges a call. Only HTTP 2xx with the number 0 as `retcode` is a delivery; the head of an answer decides before its
 * body, so a cut off error page is still that error.
 *
 * @param personal what the callback told of a person (`personalValues`)
 */
export function judgeAnswer(
  call: CallResult,
  finalRetcodes: readonly number[],
  personal: readonly string[] = [],
): Verdict {
  const shape = { httpStatus: call.status, responsePrefix: prefixOf(call.body, personal) };
  const fail = (error: ErrorClass, retcode: number | null = null): Verdict => ({
    delivered: false,
    error,
    retcode,
    final: retcode !== null && finalRetcodes.includes(retcode),
    ...shape,
  });

  if (call.kind === 'broken' && (call.status === null || isSuccess(call.status))) return fail(call.error);
  const status = call.status ?? 0;
  const body = readJson(call.kind === 'answered' && !call.overLimit ? call.body : null);
  if (!isSuccess(status)) {
    return fail(status >= 300 && status < 400 ? 'REDIRECT' : 'HTTP_STATUS', readRetcode(body.value));
  }
  if (call.kind === 'answered' && call.overLimit) return fail('TOO_LARGE');
  if (!body.valid) return fail('NOT_JSON');
  const retcode = readRetcode(body.value);
  if (retcode !== 0) return fail('RETCODE', retcode);
  return { delivered: true, error: null, retcode: 0, final: false, ...shape };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function readJson(text: string | null): { valid: boolean; value: unknown } {
  if (text === null) return { valid: false, value: undefined };
  try {
    return { valid: true, value: JSON.parse(text) as unknown };
  } catch {
    return { valid: false, value: undefined };
  }
}

/** `retcode`, or `errcode` where `retcode` is absent: some receivers follow the wallet's public convention. */
function readRetcode(body: unknown): number | null {
  if (typeof body !== 'object' || body === null) return null;
  const code = Object.hasOwn(body, 'retcode')
    ? (body as { retcode: unknown }).retcode
    : (body as { errcode?: unknown }).errcode;
  // A JSON number can overflow to infinity, which no store or answer can show.
  return typeof code === 'number' && Number.isFinite(code) ? code : null;
}

// With the u flag a surrogate that is part of a pair is one character, so the range finds lone halves only.
const UNSTORABLE = /[\0\ud800-\udfff]/gu;

function prefixOf(body: string | null, personal: readonly string[]): string | null {
  if (body === null) return null;
  const words = maskRepeated(body.slice(0, READ_FOR_PREFIX), personal);
  // Postgres takes no NUL, UTF-8 no half of a pair, and the cut may make one.
  return words.slice(0, PREFIX_CHARACTERS).replace(UNSTORABLE, '\uFFFD');
}
