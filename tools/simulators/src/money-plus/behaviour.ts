import { jsonReply } from './reply';
import type { Reply } from './reply';

/** When a connection is reset: before the body is read, after it, or after half the answer. */
export type ResetMoment = 'before-body' | 'after-body' | 'half-answer';

/** Where a redirect leads when no location is told; the endpoint records who comes there. */
export const REDIRECT_TARGET = '/money-plus/redirect-target';

/** Answers that are odd in one way and need no setting. */
const ODD_REPLIES = {
  /** `retcode` is the text "0", not the number. */
  'retcode-text': jsonReply(200, '{"retcode":"0"}'),
  /** `retcode` is null; `errcode` must not be looked at. */
  'retcode-null': jsonReply(200, '{"retcode":null,"errcode":0}'),
  /** Neither `retcode` nor `errcode`. */
  'retcode-missing': jsonReply(200, '{"message":"success"}'),
  /** 0.0 is the number 0. */
  'retcode-float': jsonReply(200, '{"retcode":0.0}'),
  /** 200 with a page instead of JSON. */
  'not-json': {
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html><body>welcome</body></html>',
  },
  /** 200 without a body. */
  empty: { status: 200, headers: {}, body: '' },
  /** 204, which cannot have a body. */
  'no-content': { status: 204, headers: {}, body: '' },
} satisfies Record<string, Reply>;

/** What the Money+ endpoint does with a callback. */
export type Behaviour =
  /** 200 `{"retcode":0}`, the default. */
  | { type: 'ok' }
  /** 200 with this `retcode`. */
  | { type: 'retcode'; retcode: number; message?: string }
  /** 200 in the wallet's public convention: `errcode`, no `retcode`. */
  | { type: 'errcode'; errcode: number; message?: string }
  /** Any status, headers (such as `Retry-After`) and body; the body is `{"retcode":0}` where left out. */
  | { type: 'http'; status: number; headers?: Record<string, string>; body?: string }
  | { type: keyof typeof ODD_REPLIES }
  /** 302 (or another 3xx) to `location`, else to REDIRECT_TARGET. */
  | { type: 'redirect'; status?: number; location?: string }
  /** Never answers; with `after_ms` answers `{"retcode":0}` that late. */
  | { type: 'timeout'; after_ms?: number }
  /** Resets the connection; the callback was not processed. */
  | { type: 'reset'; when: ResetMoment }
  /** Processes the callback, then resets the connection without an answer. */
  | { type: 'lost-answer' }
  /** A well-formed `{"retcode":0,...}` of so many bytes; left out: without end, until the client cuts. */
  | { type: 'huge'; bytes?: number }
  /** `{"retcode":0}` in pieces of `bytes_at_once` (1 where left out), one each `every_ms`. */
  | { type: 'drip'; every_ms: number; bytes_at_once?: number };

/** Names of all behaviours. */
export type BehaviourType = Behaviour['type'];

/** The default answer. */
export const OK_REPLY: Reply = jsonReply(200, '{"retcode":0}');

/** The answer of a behaviour that answers whole and at once; undefined for those that do something else. */
export function replyOf(behaviour: Behaviour): Reply | undefined {
  switch (behaviour.type) {
    case 'ok':
      return OK_REPLY;
    case 'retcode':
      return jsonReply(200, JSON.stringify({ retcode: behaviour.retcode, message: behaviour.message }));
    case 'errcode':
      return jsonReply(200, JSON.stringify({ errcode: behaviour.errcode, message: behaviour.message }));
    case 'http':
      return {
        status: behaviour.status,
        headers: { 'content-type': 'application/json', ...behaviour.headers },
        body: behaviour.body ?? OK_REPLY.body,
      };
    case 'redirect':
      return {
        status: behaviour.status ?? 302,
        headers: { location: behaviour.location ?? REDIRECT_TARGET },
        body: '',
      };
    case 'timeout':
    case 'reset':
    case 'lost-answer':
    case 'huge':
    case 'drip':
      return undefined;
    default:
      return ODD_REPLIES[behaviour.type];
  }
}

/** Types whose only setting is their name, for the parser. */
export const ODD_REPLY_TYPES = Object.keys(ODD_REPLIES);
