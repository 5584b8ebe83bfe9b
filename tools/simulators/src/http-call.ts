import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

/** What a server answered. */
export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Whole body as UTF-8. */
  body: string;
}

/** One request; `body` goes out as it is. */
export interface HttpCall {
  method: string;
  url: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Total, ms; 30,000 where left out. */
  timeout_ms?: number;
}

/**
 * Makes one HTTP request on a connection of its own, so that no pooled socket outlives a test.
 * Rejects on a connection error and when the answer is not whole in time; any HTTP status resolves.
 */
export async function callHttp(call: HttpCall): Promise<HttpAnswer> {
  const timeout = call.timeout_ms ?? 30_000;
  return await new Promise<HttpAnswer>((resolve, reject) => {
    const body = call.body ?? '';
    const outgoing = request(
      call.url,
      {
        method: call.method,
        agent: false,
        headers: { ...call.headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' },
        signal: AbortSignal.timeout(timeout),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
