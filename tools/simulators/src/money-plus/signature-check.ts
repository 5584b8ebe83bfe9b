import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Webhook } from 'standardwebhooks';
import { webhookOf } from '../sign-request';

/**
 * `valid`, or the first check that failed; `unchecked` where the body was not read.
 * `differs`: the header and the body name different things.
 */
export type SignatureVerdict =
  | 'valid'
  | 'unchecked'
  | 'client-id.missing'
  | 'client-id.differs'
  | 'airpay.missing'
  | 'airpay.mismatch'
  | 'webhook.missing'
  | 'webhook.timestamp'
  | 'webhook.mismatch'
  | 'webhook-id.differs';

/** A callback whose signatures are to be checked. */
export interface SignedCallback {
  headers: IncomingHttpHeaders;
  /** Exact bytes received. */
  body: Buffer;
  /** `biz_id` in the body. */
  biz_id: string | null;
  /** `event_id` in the body. */
  event_id: string | null;
}

interface Trio {
  id: string;
  timestamp: string;
  signature: string;
}

type TrioCheck = (trio: Trio, body: Buffer) => SignatureVerdict;

const TOLERANCE_SECONDS = 300;

/** Checks a callback's signatures (platform.md, Partner registry) with any of several secrets. */
export class SignatureChecker {
  private readonly secrets: readonly string[];
  private readonly checkTrio: TrioCheck;

  /**
   * The trio is checked by the npm package `standardwebhooks`; `quick` checks it by node:crypto, which costs an
   * eighth of the time, so that the receiver does not slow down what is measured.
   */
  constructor(secrets: readonly string[], quick: boolean) {
    this.secrets = secrets;
    this.checkTrio = quick ? trioCheckByCrypto(secrets) : trioCheckByLibrary(secrets.map(webhookOf));
  }

  /** The verdict on one callback. */
  check(callback: SignedCallback): SignatureVerdict {
    const { headers, body } = callback;
    const clientId = headers['x-airpay-clientid'];
    if (clientId === undefined) return 'client-id.missing';
    if (clientId !== callback.biz_id) return 'client-id.differs';
    const airpay = headers['x-airpay-req-h'];
    if (typeof airpay !== 'string') return 'airpay.missing';
    if (!this.secrets.some((secret) => equal(hmac(secret, body), airpay))) return 'airpay.mismatch';
    const id = headers['webhook-id'];
    const timestamp = headers['webhook-timestamp'];
    const signature = headers['webhook-signature'];
    if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string') {
      return 'webhook.missing';
    }
    const verdict = this.checkTrio({ id, timestamp, signature }, body);
    if (verdict !== 'valid') return verdict;
    return id === callback.event_id ? 'valid' : 'webhook-id.differs';
  }
}

function trioCheckByLibrary(webhooks: readonly Webhook[]): TrioCheck {
  return (trio, body) => {
    const headers = {
      'webhook-id': trio.id,
      'webhook-timestamp': trio.timestamp,
      'webhook-signature': trio.signature,
    };
    let verdict: SignatureVerdict = 'webhook.mismatch';
    for (const webhook of webhooks) {
      try {
        webhook.verify(body, headers, { jsonParse: false });
        return 'valid';
      } catch (error) {
        // The library tells its reasons only in words: too old, too new, or not a number.
        const reason = error instanceof Error ? error.message : '';
        verdict = /timestamp|Invalid Signature Headers/.test(reason)
          ? 'webhook.timestamp'
          : 'webhook.mismatch';
      }
    }
    return verdict;
  };
}

function trioCheckByCrypto(secrets: readonly string[]): TrioCheck {
  return (trio, body) => {
    const age = Date.now() / 1000 - Number(trio.timestamp);
    // Written so that a timestamp that is not a number fails too.
    if (!(Math.abs(age) <= TOLERANCE_SECONDS + 1)) return 'webhook.timestamp';
    const given = trio.signature.split(' ');
    const prefix = `${trio.id}.${trio.timestamp}.`;
    const found = secrets.some((secret) => {
      const expected = `v1,${hmac(secret, prefix, body)}`;
      return given.some((signature) => equal(signature, expected));
    });
    return found ? 'valid' : 'webhook.mismatch';
  };
}

function hmac(secret: string, ...parts: (string | Buffer)[]): string {
  const digest = createHmac('sha256', secret);
  for (const part of parts) digest.update(part);
  return digest.digest('base64');
}

function equal(left: string, right: string): boolean {
  const a = Buffer.from(left, 'utf8');
  const b = Buffer.from(right, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}
