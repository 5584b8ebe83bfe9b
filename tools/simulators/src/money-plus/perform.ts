import type { ServerResponse } from 'node:http';
import { OK_REPLY, replyOf } from './behaviour';
import type { Behaviour } from './behaviour';
import type { Ending } from './received-request';
import { meansSuccess, RESPONSE_LIMIT } from './reply';
import type { Reply } from './reply';

/** Told once, when the answer is out or the connection is gone. */
export type OnEnd = (ending: Ending) => void;

/** Long enough for loopback to carry half an answer before the reset overtakes it. */
const BEFORE_RESET_MS = 20;
const HUGE_PIECE = Buffer.alloc(16 * 1024, 'x');
const HUGE_START = '{"retcode":0,"padding":"';
const HUGE_END = '"}';

/** Does to a callback whose body was read what the behaviour says. */
export function perform(behaviour: Behaviour, response: ServerResponse, onEnd: OnEnd): void {
  switch (behaviour.type) {
    case 'timeout':
      answerLate(behaviour.after_ms, response, onEnd);
      return;
    case 'reset':
      if (behaviour.when === 'half-answer') answerHalf(response, onEnd);
      else resetConnection(response, false, onEnd);
      return;
    case 'lost-answer':
      resetConnection(response, true, onEnd);
      return;
    case 'huge':
      answerHuge(behaviour.bytes, response, onEnd);
      return;
    case 'drip':
      answerInDrops(behaviour.every_ms, behaviour.bytes_at_once ?? 1, response, onEnd);
      return;
    default:
      sendReply(replyOf(behaviour) ?? OK_REPLY, response, onEnd);
  }
}

/** Sends a whole answer at once. */
export function sendReply(reply: Reply, response: ServerResponse, onEnd: OnEnd): void {
  const prepared = prepare(reply);
  response.once('close', () => {
    const wholly = response.writableFinished;
    onEnd({
      status: reply.status,
      success: prepared.success,
      answered_wholly: wholly,
      bytes_written: wholly ? prepared.bytes : 0,
    });
  });
  response.writeHead(reply.status, prepared.headers);
  // As a text it leaves in one write with the headers; as bytes it would cost a second one.
  response.end(reply.body);
}

/** Resets the connection without an answer. */
export function resetConnection(response: ServerResponse, processed: boolean, onEnd: OnEnd): void {
  response.socket?.resetAndDestroy();
  onEnd({ status: null, success: processed, answered_wholly: false, bytes_written: 0 });
}

interface PreparedReply {
  headers: Record<string, string>;
  bytes: number;
  success: boolean;
}

const prepared = new WeakMap<Reply, PreparedReply>();

/** The default answer is one object, so it is encoded and judged once. */
function prepare(reply: Reply): PreparedReply {
  let found = prepared.get(reply);
  if (found === undefined) {
    const bytes = Buffer.byteLength(reply.body);
    // 204 and 304 have no body and must not tell a length.
    const bare = reply.status === 204 || reply.status === 304;
    const headers = bare ? reply.headers : { ...reply.headers, 'content-length': String(bytes) };
    found = { headers: { ...headers }, bytes, success: meansSuccess(reply) };
    prepared.set(reply, found);
  }
  return found;
}

function answerLate(afterMs: number | undefined, response: ServerResponse, onEnd: OnEnd): void {
  let cut = true;
  const timer =
    afterMs === undefined
      ? undefined
      : setTimeout(() => {
          cut = false;
          sendReply(OK_REPLY, response, onEnd);
        }, afterMs);
  response.once('close', () => {
    clearTimeout(timer);
    if (cut) onEnd({ status: null, success: false, answered_wholly: false, bytes_written: 0 });
  });
}

function answerHalf(response: ServerResponse, onEnd: OnEnd): void {
  const half = OK_REPLY.body.slice(0, Math.ceil(OK_REPLY.body.length / 2));
  response.once('close', () => {
    onEnd({ status: 200, success: false, answered_wholly: false, bytes_written: half.length });
  });
  response.writeHead(200, { ...OK_REPLY.headers, 'content-length': String(OK_REPLY.body.length) });
  response.write(half, () => {
    setTimeout(() => response.socket?.resetAndDestroy(), BEFORE_RESET_MS);
  });
}

function answerHuge(bytes: number | undefined, response: ServerResponse, onEnd: OnEnd): void {
  const total = bytes ?? Infinity;
  let sent = 0;
  let written = 0;
  response.once('close', () => {
    const wholly = response.writableFinished;
    onEnd({
      status: 200,
      success: wholly && total <= RESPONSE_LIMIT,
      answered_wholly: wholly,
      bytes_written: written,
    });
  });
  const length = bytes === undefined ? {} : { 'content-length': String(bytes) };
  response.writeHead(200, { ...OK_REPLY.headers, ...length });

  // Counted when the network took them, so that the record says how far the client let it come.
  const write = (piece: Buffer): boolean => {
    sent += piece.length;
    return response.write(piece, (error) => {
      if (!error) written += piece.length;
    });
  };
  const writeMore = (): void => {
    while (!response.destroyed) {
      const left = total - sent - HUGE_END.length;
      if (left <= 0) {
        write(Buffer.from(HUGE_END));
        response.end();
        return;
      }
      if (!write(HUGE_PIECE.subarray(0, Math.min(left, HUGE_PIECE.length)))) return;
    }
  };
  response.on('drain', writeMore);
  write(Buffer.from(HUGE_START));
  writeMore();
}

function answerInDrops(everyMs: number, size: number, response: ServerResponse, onEnd: OnEnd): void {
  const body = Buffer.from(OK_REPLY.body, 'utf8');
  let sent = 0;
  response.writeHead(200, { ...OK_REPLY.headers, 'content-length': String(body.length) });
  response.flushHeaders();
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + size));
    sent = Math.min(sent + size, body.length);
    if (sent < body.length) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.once('close', () => {
    clearInterval(timer);
    const wholly = response.writableFinished;
    onEnd({ status: 200, success: wholly, answered_wholly: wholly, bytes_written: sent });
  });
}
