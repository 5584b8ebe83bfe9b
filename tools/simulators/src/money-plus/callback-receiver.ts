import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { OK_REPLY, REDIRECT_TARGET } from './behaviour';
import type { Behaviour } from './behaviour';
import { Journal } from './journal';
import type { JournalFile } from './journal-file';
import { perform, resetConnection, sendReply } from './perform';
import type { OnEnd } from './perform';
import type { Arrival, RequestKind } from './received-request';
import { jsonReply, parseObject } from './reply';
import { RuleBook } from './rule-book';
import { SignatureChecker } from './signature-check';
import { WaitingRoom } from './waiting-room';

/** Where status callbacks come in. */
export const STATUS_PATH = '/money-plus/status';
/** Where info callbacks come in. */
export const INFO_PATH = '/money-plus/info';

const KINDS = new Map<string, RequestKind>([
  [STATUS_PATH, 'status'],
  [INFO_PATH, 'info'],
  [REDIRECT_TARGET, 'redirect-target'],
]);

const LONGEST_BODY = 1024 * 1024;
const UNAUTHORISED = jsonReply(401, '{"retcode":401,"message":"signature"}');
const NOT_FOUND = jsonReply(404, '{"retcode":404,"message":"no such path"}');
const TOO_LARGE = jsonReply(413, '{"retcode":413,"message":"body over 1 MiB"}');
const EMPTY = Buffer.alloc(0);

/** How a receiver is set up. */
export interface ReceiverOptions {
  secrets: readonly string[];
  /** For throughput: no bodies, headers or attempt numbers are kept, and signatures are checked by node:crypto. */
  quick?: boolean;
  /** Where every request is logged too. */
  file?: JournalFile;
}

/** Takes callbacks: verifies, records, and answers or misbehaves as the rules say. */
export class CallbackReceiver {
  readonly journal = new Journal();
  readonly rules = new RuleBook();
  readonly waiting = new WaitingRoom();
  readonly quick: boolean;
  private readonly checker: SignatureChecker;
  private readonly attempts = new Map<string, number>();
  private readonly file: JournalFile | undefined;

  constructor(options: ReceiverOptions) {
    this.quick = options.quick ?? false;
    this.checker = new SignatureChecker(options.secrets, this.quick);
    this.file = options.file;
  }

  /** Handles one HTTP request. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request.url ?? '/');
    const kind = kindOf(path, request.method);
    if (!this.rules.idle && this.resetBeforeBody(path, kind, request, response)) return;
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LONGEST_BODY) chunks.push(chunk);
      else this.refuseLarge(path, kind, request, response, size);
    });
    request.on('end', () => {
      if (size > LONGEST_BODY) return;
      this.receive(
        path,
        kind,
        request,
        response,
        chunks.length === 1 ? (chunks[0] ?? EMPTY) : Buffer.concat(chunks),
      );
    });
    request.on('close', () => {
      if (request.complete || size > LONGEST_BODY) return;
      const body = Buffer.concat(chunks);
      const onEnd = this.record({ ...this.describe(path, kind, request, body), behaviour: 'aborted' });
      onEnd({ status: null, success: false, answered_wholly: false, bytes_written: 0 });
    });
  }

  /** Forgets requests and attempt counts; rules and the log file stay. */
  clearReceived(): void {
    this.journal.clear();
    this.attempts.clear();
  }

  private receive(
    path: string,
    kind: RequestKind,
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
  ): void {
    const content = body.toString('utf8');
    const fields = parseObject(content) ?? {};
    const described = this.describe(path, kind, request, body);
    const arrival: Arrival = {
      ...described,
      biz_id: textOf(fields.biz_id),
      shopee_uid: textOf(fields.shopee_uid),
      event_id: textOf(fields.event_id),
      body_complete: true,
    };
    if (!this.quick) arrival.body = content;
    if (kind === 'other') {
      sendReply(NOT_FOUND, response, this.record({ ...arrival, behaviour: 'not-found' }));
      return;
    }
    if (kind === 'redirect-target') {
      // A relay that follows must believe that all is well: the record alone gives it away.
      sendReply(OK_REPLY, response, this.record({ ...arrival, behaviour: 'ok' }));
      return;
    }
    arrival.signature = this.checker.check({ ...arrival, headers: request.headers, body });
    arrival.attempt = this.countAttempt(arrival.webhook_id ?? arrival.event_id);
    if (arrival.signature !== 'valid') {
      sendReply(UNAUTHORISED, response, this.record({ ...arrival, behaviour: 'unauthorised' }));
      return;
    }
    const rule = this.rules.idle ? undefined : this.rules.take({ ...arrival, kind });
    const behaviour: Behaviour = rule?.behaviour ?? { type: 'ok' };
    arrival.behaviour = behaviour.type;
    arrival.rule = rule?.id ?? null;
    perform(behaviour, response, this.record(arrival));
  }

  private resetBeforeBody(
    path: string,
    kind: RequestKind,
    request: IncomingMessage,
    response: ServerResponse,
  ): boolean {
    if (kind !== 'status' && kind !== 'info') return false;
    const webhookId = headerOf(request, 'webhook-id');
    const attempt = this.quick ? null : (this.attempts.get(webhookId ?? '') ?? 0) + 1;
    const rule = this.rules.takeBeforeBody({
      biz_id: null,
      shopee_uid: null,
      event_id: webhookId,
      kind,
      attempt,
    });
    if (rule === undefined) return false;
    const arrival = this.describe(path, kind, request, EMPTY);
    arrival.attempt = this.countAttempt(webhookId);
    resetConnection(
      response,
      false,
      this.record({ ...arrival, behaviour: rule.behaviour.type, rule: rule.id }),
    );
    return true;
  }

  private refuseLarge(
    path: string,
    kind: RequestKind,
    request: IncomingMessage,
    response: ServerResponse,
    size: number,
  ): void {
    if (response.headersSent) return;
    const arrival = this.describe(path, kind, request, EMPTY);
    sendReply(TOO_LARGE, response, this.record({ ...arrival, body_bytes: size, behaviour: 'too-large' }));
  }

  /** What can be told of a request without understanding its body. */
  private describe(path: string, kind: RequestKind, request: IncomingMessage, body: Buffer): Arrival {
    const version = headerOf(request, 'x-relay-version');
    const arrival: Arrival = {
      arrived_at: nowMs(),
      method: request.method ?? '',
      path,
      kind,
      biz_id: null,
      shopee_uid: null,
      event_id: null,
      webhook_id: headerOf(request, 'webhook-id'),
      relay_version: version !== null && /^\d{1,15}$/.test(version) ? Number(version) : null,
      attempt: null,
      body_bytes: body.length,
      body_sha256: createHash('sha256').update(body).digest('hex'),
      body_complete: false,
      signature: 'unchecked',
      behaviour: 'ok',
      rule: null,
    };
    if (!this.quick) arrival.headers = request.headers as Record<string, string>;
    return arrival;
  }

  private countAttempt(id: string | null): number | null {
    if (this.quick || id === null) return null;
    const attempt = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, attempt);
    return attempt;
  }

  private record(arrival: Arrival): OnEnd {
    const index = this.journal.append(arrival);
    this.file?.arrived(index, arrival);
    if (!this.waiting.idle) this.waiting.show(this.journal.get(index));
    return (ending) => {
      const endedAt = nowMs();
      this.journal.end(index, ending, endedAt);
      this.file?.ended(index, ending, endedAt);
      if (!this.waiting.idle && index >= this.journal.first) this.waiting.show(this.journal.get(index));
    };
  }
}

/** ms since the epoch with a fraction, never going back. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function kindOf(path: string, method: string | undefined): RequestKind {
  const kind = KINDS.get(path) ?? 'other';
  return method === 'POST' || kind === 'redirect-target' ? kind : 'other';
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
