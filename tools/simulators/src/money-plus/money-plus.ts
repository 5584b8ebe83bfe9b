import { CallbackReceiver, nowMs } from './callback-receiver';
import { countRequests } from './count-requests';
import type { RequestCounts } from './count-requests';
import { Endpoint } from './endpoint';
import { JournalFile } from './journal-file';
import { matchesFilter } from './received-request';
import type { ReceivedFilter, ReceivedRequest } from './received-request';
import { parseRule } from './rule';
import type { Rule } from './rule';
import type { StandingRule } from './rule-book';
import type { RequestPredicate } from './waiting-room';

/** How a Money+ endpoint is started. */
export interface MoneyPlusOptions {
  /** Secrets with which callbacks may be signed; any of them will do. */
  secrets: readonly string[];
  /** A free one where left out. */
  port?: number;
  /** 127.0.0.1 where left out. */
  host?: string;
  /** For throughput: records no bodies, headers or attempt numbers. */
  quick?: boolean;
  /** File to which every request is appended. */
  log_file?: string;
}

/** What is waited for: so many requests, one that a predicate holds of, or so many that match. */
export type Wanted =
  number | RequestPredicate | { count?: number; filter?: ReceivedFilter; predicate?: RequestPredicate };

/** Starts a Money+ endpoint in this process. */
export async function startMoneyPlus(options: MoneyPlusOptions): Promise<MoneyPlus> {
  const file = options.log_file === undefined ? undefined : new JournalFile(options.log_file, nowMs());
  const receiver = new CallbackReceiver({
    secrets: options.secrets,
    quick: options.quick ?? false,
    ...(file === undefined ? {} : { file }),
  });
  const endpoint = await Endpoint.open('main', receiver.handle.bind(receiver), {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 0,
  });
  return new MoneyPlus(receiver, endpoint, file);
}

/** A Money+ endpoint in this process. */
export class MoneyPlus {
  constructor(
    private readonly receiver: CallbackReceiver,
    private readonly endpoint: Endpoint,
    private readonly file: JournalFile | undefined,
  ) {}

  get url(): string {
    return this.endpoint.url;
  }

  get statusUrl(): string {
    return this.endpoint.statusUrl;
  }

  get infoUrl(): string {
    return this.endpoint.infoUrl;
  }

  /** Index that the next request will get; pass it as `since` to look only at what follows. */
  get nextIndex(): number {
    return this.receiver.journal.next;
  }

  /** Requests received, in order of arrival. */
  received(filter: ReceivedFilter = {}): ReceivedRequest[] {
    return [...selectReceived(this.receiver, filter)];
  }

  /** How many requests were received, by what was done with them. */
  counts(): RequestCounts {
    return countRequests(this.receiver.journal.from(0));
  }

  /** Resolves with the requests waited for, past ones included; rejects when they have not come in time. */
  async waitFor(wanted: Wanted, timeoutMs: number): Promise<ReceivedRequest[]> {
    const { count = 1, filter = {}, predicate } = normalise(wanted);
    const holds: RequestPredicate = (request) =>
      matchesFilter(request, filter) && (predicate?.(request) ?? true);
    const past = this.receiver.journal.from(filter.since ?? 0);
    const { complete, indexes } = await this.receiver.waiting.wait(holds, count, timeoutMs, past);
    if (!complete)
      throw new Error(`Waited ${timeoutMs} ms for ${count} requests, but ${indexes.length} came.`);
    return indexes.map((index) => this.receiver.journal.get(index));
  }

  /** Sets a rule and returns its id. Throws when the rule is malformed. */
  rule(rule: Rule): string {
    const parsed = parseRule(rule, this.receiver.quick);
    if (!parsed.ok) throw new TypeError(`${parsed.field} ${parsed.message}`);
    return this.receiver.rules.add(parsed.rule);
  }

  /** Rules set, with how often each was used. */
  rules(): StandingRule[] {
    return this.receiver.rules.list();
  }

  /** Takes one rule away, or all. */
  clearRules(id?: string): void {
    if (id === undefined) this.receiver.rules.clear();
    else this.receiver.rules.remove(id);
  }

  /** Forgets requests and rules; the numbering of requests goes on. */
  reset(): void {
    this.receiver.rules.clear();
    this.receiver.clearReceived();
  }

  /** Closes the port and cuts all connections: clients are refused. */
  async refuse(): Promise<void> {
    await this.endpoint.refuse();
  }

  /** Accepts connections and resets them at once. */
  async resetConnections(): Promise<void> {
    await this.endpoint.resetConnections();
  }

  /** Opens the same port again. */
  async accept(): Promise<void> {
    await this.endpoint.accept();
  }

  /** Cuts all connections, ends all waits, and closes the log file. */
  async close(): Promise<void> {
    this.receiver.waiting.close();
    await this.endpoint.close();
    await this.file?.close();
  }
}

/** Requests that match, in order of arrival. */
export function* selectReceived(
  receiver: CallbackReceiver,
  filter: ReceivedFilter,
): Generator<ReceivedRequest> {
  for (const request of receiver.journal.from(filter.since ?? 0)) {
    if (matchesFilter(request, filter)) yield request;
  }
}

function normalise(wanted: Wanted): Exclude<Wanted, number | RequestPredicate> {
  if (typeof wanted === 'number') return { count: wanted };
  return typeof wanted === 'function' ? { predicate: wanted } : wanted;
}
