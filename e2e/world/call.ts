import { callHttp, signRequest, type HttpAnswer } from '@kyc-relay/simulators';
import { MONEY_PLUS, SECRET } from './registry';

/** An answer of a JSON API. */
export interface JsonAnswer {
  status: number;
  headers: HttpAnswer['headers'];
  text: string;
  /** Parsed; an empty object where the body is no JSON object. */
  body: Record<string, unknown>;
}

/** Who calls: a bearer token, a business that signs, or nobody. */
export type Caller =
  | { token: string }
  | { biz_id?: string; secret?: string; webhook_id?: string; time?: Date; without?: string[] }
  | 'nobody';

/** One call of an API of ours; `content` is sent as it is, `json` as JSON. */
export interface Call {
  method?: string;
  url: string;
  json?: unknown;
  content?: string;
  headers?: Record<string, string>;
  as: Caller;
}

/** Makes a call. A business signs the exact body, or for a GET the path with query (platform.md). */
export async function call({ method, url, json, content, headers, as }: Call): Promise<JsonAnswer> {
  const body = content ?? (json === undefined ? '' : JSON.stringify(json));
  const verb = method ?? (json === undefined && content === undefined ? 'GET' : 'POST');
  const { pathname, search } = new URL(url);
  const answer = await callHttp({
    method: verb,
    url,
    body,
    headers: {
      ...(verb === 'GET' ? {} : { 'content-type': 'application/json' }),
      ...authorise(as, verb === 'GET' ? `${pathname}${search}` : body),
      ...headers,
    },
  });
  return { status: answer.status, headers: answer.headers, text: answer.body, body: parse(answer.body) };
}

function authorise(as: Caller, content: string): Record<string, string> {
  if (as === 'nobody') return {};
  if ('token' in as) return { authorization: `Bearer ${as.token}` };
  const signed = signRequest({
    biz_id: as.biz_id ?? MONEY_PLUS,
    secret: as.secret ?? SECRET,
    content,
    ...(as.webhook_id === undefined ? {} : { webhook_id: as.webhook_id }),
    ...(as.time === undefined ? {} : { time: as.time }),
  });
  const dropped = as.without ?? [];
  return Object.fromEntries(Object.entries(signed).filter(([name]) => !dropped.includes(name)));
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
