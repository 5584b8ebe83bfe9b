/** A whole HTTP answer. */
export interface Reply {
  status: number;
  headers: Readonly<Record<string, string>>;
  /** Sent as UTF-8; `''` sends none. */
  body: string;
}

/** How much of an answer a relay reads (platform.md, Delivery), bytes. */
export const RESPONSE_LIMIT = 64 * 1024;

/** An answer with a JSON body given as text. */
export function jsonReply(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body };
}

/**
 * True when a relay must read the answer as success: 2xx with JSON `retcode` equal to the number 0, or `errcode`
 * where `retcode` is absent, within the limit (kyc-to-money-plus.md, Callback).
 */
export function meansSuccess(reply: Reply): boolean {
  if (reply.status < 200 || reply.status > 299) return false;
  if (Buffer.byteLength(reply.body) > RESPONSE_LIMIT) return false;
  const answer = parseObject(reply.body);
  if (answer === undefined) return false;
  return ('retcode' in answer ? answer.retcode : answer.errcode) === 0;
}

/** The JSON object in a text, or undefined when it holds none. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
