import type { Acquirer } from '@kyc-relay/config';
import { signRisk } from '@kyc-relay/signing';
import axios, { AxiosError } from 'axios';
import { isUtf8 } from 'node:buffer';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { readPageAnswer, type PageAnswer } from '../domain/page-answer';
import type { PartnerQuery } from '../domain/partner-query';

/** What a request to the partner gave; a failure by its name, such as `HTTP_500`, `TIMEOUT`, `CONNECTION`, `RESP_99`. */
export type PartnerAnswer = Extract<PageAnswer, { ok: true }> | { ok: false; code: string };

/** Twenty cases take some ten kilobytes each at the very most. */
const MOST_ANSWER_BYTES = 8 * 1024 * 1024;

/** The partner's query over HTTP: signed, bounded in time and size, no redirects. */
export class AcquirerClient {
  private readonly http = new HttpAgent({ keepAlive: true });
  private readonly https = new HttpsAgent({ keepAlive: true });

  /**
   * Asks once. Whatever goes wrong is an answer too.
   * @param signal withdraws the request
   */
  async ask(acquirer: Acquirer, query: PartnerQuery, signal: AbortSignal): Promise<PartnerAnswer> {
    const limit = new AbortController();
    const withdraw = (): void => {
      limit.abort();
    };
    // axios measures silence; the whole request is to be bounded, also for a partner that drips.
    const timer = setTimeout(withdraw, acquirer.timeout_ms);
    signal.addEventListener('abort', withdraw);
    try {
      const response = await axios.post<Buffer>(acquirer.query_url, signedBody(acquirer, query), {
        headers: { 'content-type': 'application/json;charset=UTF-8', accept: 'application/json' },
        responseType: 'arraybuffer',
        transformRequest: [(body: string) => body],
        transformResponse: [(body: Buffer) => body],
        validateStatus: () => true,
        maxRedirects: 0,
        maxContentLength: MOST_ANSWER_BYTES,
        proxy: false,
        httpAgent: this.http,
        httpsAgent: this.https,
        signal: limit.signal,
      });
      return response.status === 200
        ? readAnswer(response.data)
        : { ok: false, code: `HTTP_${response.status}` };
    } catch (error) {
      return { ok: false, code: limit.signal.aborted ? 'TIMEOUT' : codeOf(error) };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', withdraw);
    }
  }

  /** Closes the connections that are kept. */
  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}

function signedBody({ accessid, access_keys: [key] }: Acquirer, query: PartnerQuery): string {
  const body = { accessid, ...query };
  const texts = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)]));
  return JSON.stringify({ ...body, sign: signRisk(texts, key) });
}

function readAnswer(body: Buffer): PartnerAnswer {
  return isUtf8(body) ? readPageAnswer(body.toString('utf8')) : { ok: false, code: 'INVALID_JSON' };
}

function codeOf(error: unknown): string {
  if (error instanceof AxiosError && error.code === AxiosError.ERR_BAD_RESPONSE) return 'TOO_LARGE';
  return 'CONNECTION';
}
