import { lookup as resolveName, type LookupAddress, type LookupOptions } from 'node:dns';
import { buildConnector, Pool, type Dispatcher } from 'undici';
import { isBlockedAddress, isBlockedHost } from '../domain/address-guard';
import type { CallResult } from '../domain/judge-answer';
import { BlockedAddress, classifyFailure } from './classify-failure';
import { readRetryAfter } from './read-retry-after';

/** How an endpoint may be called. */
export interface ClientSettings {
  /** Scheme, host and port. */
  origin: string;
  /** Most connections of this replica to the origin. */
  connections: number;
  connectTimeoutMs: number;
  /** From the start of a call to the last byte of its answer. */
  timeoutMs: number;
  /** Whether addresses inside our own network may be called. */
  allowPrivateAddresses: boolean;
}

/** One callback as it goes out. */
export interface OutgoingCall {
  /** Path and query of the callback URL. */
  path: string;
  headers: Record<string, string>;
  /** The stored bytes. */
  body: Buffer;
}

/** How a call ended: with a result to judge, or withdrawn by us before or during the call. */
export type CallEnd =
  | { kind: 'ended'; result: CallResult; durationMs: number; retryAfterMs: number | null }
  | { kind: 'withdrawn' };

/** A call under way. */
export interface RunningCall {
  end: Promise<CallEnd>;
  /** Ends the call as withdrawn, at the service's stop. */
  withdraw(): void;
}

const RESPONSE_LIMIT_BYTES = 64 * 1024;
/** Shorter than what receivers commonly keep an idle connection, so that we close it first and none breaks in our hands. */
const IDLE_MS = 4_000;

class CallTimeout extends Error {
  readonly code = 'ETIMEDOUT';
}
class CallWithdrawn extends Error {}
class ResponseCut extends Error {}

/** Sends callbacks to one origin over keep-alive connections. It never follows a redirect. */
export class CallbackClient {
  private readonly pool: Pool;
  private readonly isBlocked: boolean;

  constructor(private readonly settings: ClientSettings) {
    this.isBlocked = !settings.allowPrivateAddresses && isBlockedHost(new URL(settings.origin).hostname);
    this.pool = new Pool(settings.origin, {
      connections: settings.connections,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      // The total time-out is ours, from the first byte to the last.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: buildConnector({
        timeout: settings.connectTimeoutMs,
        ...(settings.allowPrivateAddresses ? {} : { lookup: lookupPublic }),
      }),
    });
  }

  /**
   * Starts a call; the promise never rejects.
   * @param mayWrite asked right before the request is written; false withdraws the call
   */
  start(call: OutgoingCall, mayWrite: () => boolean): RunningCall {
    if (this.isBlocked) {
      const result: CallResult = { kind: 'broken', error: 'BLOCKED_ADDRESS', status: null, body: null };
      return {
        end: Promise.resolve({ kind: 'ended', result, durationMs: 0, retryAfterMs: null }),
        withdraw: () => undefined,
      };
    }
    const exchange = new Exchange(mayWrite, this.settings.timeoutMs);
    this.pool.dispatch({ path: call.path, method: 'POST', headers: call.headers, body: call.body }, exchange);
    return exchange;
  }

  /** Closes the connections; calls under way end first. */
  async close(): Promise<void> {
    await this.pool.close();
  }
}

/** One request and its answer, as undici reports them. */
class Exchange implements Dispatcher.DispatchHandler, RunningCall {
  readonly end: Promise<CallEnd>;
  private resolve!: (end: CallEnd) => void;
  private readonly startedAt = performance.now();
  private readonly timer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private over = false;
  private status: number | null = null;
  private retryAfterMs: number | null = null;
  private chunks: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly mayWrite: () => boolean,
    timeoutMs: number,
  ) {
    this.end = new Promise((resolve) => {
      this.resolve = resolve;
    });
    this.timer = setTimeout(() => {
      this.stop(new CallTimeout());
    }, timeoutMs);
  }

  withdraw(): void {
    this.stop(new CallWithdrawn());
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // A call that ended while it waited for its connection must not be written any more.
    if (this.over) controller.abort(new CallWithdrawn());
    else if (!this.mayWrite()) this.stop(new CallWithdrawn());
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.status = status;
    if (status === 429 || status === 503) {
      const value = headers['retry-after'];
      this.retryAfterMs = readRetryAfter(Array.isArray(value) ? value[0] : value, Date.now());
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.over) return;
    const room = RESPONSE_LIMIT_BYTES - this.bytes;
    this.bytes += chunk.length;
    // A copy, since a small piece would keep the whole buffer of the socket alive.
    this.chunks.push(Buffer.from(room < chunk.length ? chunk.subarray(0, room) : chunk));
    if (room < chunk.length) this.stop(new ResponseCut());
  }

  onResponseEnd(): void {
    this.finish({ kind: 'answered', status: this.status ?? 0, body: this.text(), overLimit: false });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  /** Decides the end now and drops the connection; undici's own report of the abort comes later and changes nothing. */
  private stop(reason: Error): void {
    if (this.over) return;
    this.fail(reason);
    this.controller?.abort(reason);
  }

  private fail(error: Error): void {
    if (this.over) return;
    if (error instanceof CallWithdrawn) {
      this.settle({ kind: 'withdrawn' });
    } else if (error instanceof ResponseCut) {
      this.finish({ kind: 'answered', status: this.status ?? 0, body: this.text(), overLimit: true });
    } else {
      const body = this.status === null ? null : this.text();
      this.finish({ kind: 'broken', error: classifyFailure(error), status: this.status, body });
    }
  }

  private finish(result: CallResult): void {
    const durationMs = performance.now() - this.startedAt;
    this.settle({ kind: 'ended', result, durationMs, retryAfterMs: this.retryAfterMs });
  }

  private settle(end: CallEnd): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.timer);
    this.resolve(end);
  }

  private text(): string {
    const [first] = this.chunks;
    return (this.chunks.length === 1 && first ? first : Buffer.concat(this.chunks)).toString('utf8');
  }
}

/** Resolves a name as usual and refuses it when any of its addresses is blocked, so that rebinding a name cannot pass. */
function lookupPublic(
  hostname: string,
  options: LookupOptions,
  callback: (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void,
): void {
  resolveName(hostname, options, (error, found: string | LookupAddress[], family) => {
    if (error) {
      callback(error, found, family);
      return;
    }
    const addresses = typeof found === 'string' ? [found] : found.map((one) => one.address);
    if (addresses.some(isBlockedAddress)) callback(new BlockedAddress(), '', 0);
    else callback(null, found, family);
  });
}
