import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { AcquirerCase } from './acquirer-case';
import { CaseBook } from './case-book';
import { FaultBook, type Fault } from './fault';
import { generateCases } from './generate-cases';
import { readQuery, ROWS, type AcquirerQuery } from './read-query';

/** Where the query is served. */
export const ACQUIRER_PATH = '/acquirer/query';

/** The account that queries are made with. */
export interface AcquirerAccount {
  accessid: string;
  access_keys: readonly string[];
}

/** One request as it came. */
export interface AcquirerRequest {
  index: number;
  /** When it had come whole, in milliseconds since 1970, with a fraction. */
  at: number;
  /** Requests that were being answered then, this one included. */
  at_once: number;
  /** What was asked for; null where it could not be read. */
  query: AcquirerQuery | null;
  /** `ok`, `refused` with why, or the type of the fault. */
  outcome: string;
  rows: number;
  total: number | null;
}

/** The acquirer's SaaS platform: its query, its cases, and what it does wrong when told to. */
export class Acquirer {
  readonly cases = new CaseBook();
  readonly faults = new FaultBook();
  readonly requests: AcquirerRequest[] = [];
  /** While it lasts, every connection is reset. */
  outage = false;
  /** How long every good answer takes at least, in milliseconds. */
  latencyMs = 0;
  private created = 0;
  private underWay = 0;

  constructor(private readonly account: AcquirerAccount) {}

  /** Serves one request of the query; never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.underWay += 1;
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      await this.answer(Buffer.concat(chunks).toString('utf8'), response);
    } catch {
      response.destroy();
    } finally {
      this.underWay -= 1;
    }
  }

  private async answer(text: string, response: ServerResponse): Promise<void> {
    const entry: AcquirerRequest = {
      index: this.requests.length,
      at: performance.timeOrigin + performance.now(),
      at_once: this.underWay,
      query: null,
      outcome: 'ok',
      rows: 0,
      total: null,
    };
    this.requests.push(entry);
    if (this.outage) {
      entry.outcome = 'outage';
      cut(response);
      return;
    }
    const read = readQuery(text, this.account);
    if (!read.ok) {
      entry.outcome = `refused: ${read.message}`;
      send(response, 200, JSON.stringify({ respCode: '99', respMsg: read.message }));
      return;
    }
    entry.query = read.query;
    await this.answerQuery(read.query, entry, response);
  }

  private async answerQuery(
    query: AcquirerQuery,
    entry: AcquirerRequest,
    response: ServerResponse,
  ): Promise<void> {
    const faults = this.faults.take({
      page: query.page,
      by: query.filter.flowNos.length > 0 ? 'flowNo' : 'window',
    });
    const delay =
      this.latencyMs + faults.reduce((sum, fault) => sum + (fault.type === 'slow' ? fault.ms : 0), 0);
    if (delay > 0) await pause(delay);
    if (faults.some(({ type }) => type === 'shift')) this.createWithin(query);
    const found = this.cases.find(query.filter);
    const list = found.slice((query.page - 1) * ROWS, query.page * ROWS);
    let total = found.length;
    for (const fault of faults) {
      entry.outcome = fault.type;
      if (fault.type === 'wrong-total') total += fault.by;
      if (fault.type === 'repeat-row' && list.length > 1) list[list.length - 1] = list[0] ?? {};
    }
    entry.rows = list.length;
    entry.total = total;
    const body = JSON.stringify({ respMsg: '成功', respData: { list, totalCount: total }, respCode: '00' });
    perform(faults, body, response);
  }

  /** Creates a case in the range that is being read. */
  private createWithin({ filter }: AcquirerQuery): void {
    this.created += 1;
    const to = filter.to || '2023-12-31 23:59:59';
    const [one] = generateCases({ count: 1, seed: this.created, agent: filter.agent, from: to, to });
    if (one) this.cases.put([{ ...one, flowNo: `SHIFT${this.created}` } satisfies AcquirerCase]);
  }
}

/** Answers as the last fault that has an answer of its own says, or well. */
function perform(faults: readonly Fault[], body: string, response: ServerResponse): void {
  const fault = faults.findLast(({ type }) => !['slow', 'wrong-total', 'repeat-row', 'shift'].includes(type));
  switch (fault?.type) {
    case 'fail-99':
      send(response, 200, '{"respCode":"99","respMsg":"系统异常"}');
      return;
    case 'http':
      send(response, fault.status, '<html><body>error</body></html>', { 'content-type': 'text/html' });
      return;
    case 'invalid-json':
      send(response, 200, body.slice(0, Math.floor(body.length * 0.7)));
      return;
    case 'redirect':
      send(response, 302, '', { location: '/elsewhere' });
      return;
    case 'drop':
      cut(response);
      return;
    case 'half-answer':
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      });
      response.write(body.slice(0, body.length / 2), () => {
        cut(response);
      });
      return;
    default:
      send(response, 200, body);
  }
}

function cut(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = { 'content-type': 'application/json;charset=UTF-8' },
): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
