import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { callHttp } from '../http-call';
import { signReview, type ReviewFields } from './review-sign';

/** Seconds that the partner waits after each failure before it sends a notification again (review-notify.md, Answer and duplicates). */
export const RHYTHM_SECONDS: readonly number[] = [
  5, 5, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800,
];

/** Who the partner is and whom it tells. */
export interface ReviewPartnerSettings {
  /** Where notifications go, unless an order says otherwise. */
  url?: string;
  institution_id: string;
  salt: string;
  /** What the partner's seconds are multiplied by: 0.001 makes 5 s of them 5 ms. */
  time_scale: number;
}

/** How a notification is forged: another salt, no signature, a signature of something else, another sender's name. */
export const FORGERIES = ['salt', 'unsigned', 'other-review', 'institution'] as const;
/** How a notification is forged. */
export type Forgery = (typeof FORGERIES)[number];

/** A notification to be sent. */
export interface ReviewOrder {
  /** All fields but `institutionId`, `signType` and `sign`, which are added where they are not there. */
  message: ReviewFields;
  /** Where to, instead of the setting. */
  url?: string;
  /** How many go out at the same time, each of them repeated on failure; 1 where left out. */
  copies?: number;
  /** How often it is sent again after it was taken; 0 where left out. */
  duplicates?: number;
  forge?: Forgery;
  /** How often it is sent again on failure, at most; as often as documented where left out. */
  repeats?: number;
}

/** One request of a notification. */
export interface ReviewAttempt {
  /** ms since the epoch, before it was sent. */
  at: number;
  /** Which of the copies, from 0. */
  copy: number;
  /** HTTP status; 0 where there was no answer. */
  status: number;
  /** The answer's body, or the code of the error. */
  answer: string;
}

/** What became of an order. */
export interface ReviewDelivery {
  id: number;
  /** The body as it was sent every time. */
  body: string;
  attempts: ReviewAttempt[];
  /** Whether every copy was answered SUCCESS in the end. */
  taken: boolean;
  /** Whether nothing more will be sent. */
  ended: boolean;
}

/** Tells of reviews: signs, sends, repeats on failure in the documented rhythm, sends twice, forges. */
export class ReviewPartner {
  readonly deliveries: ReviewDelivery[] = [];
  private readonly stop = new AbortController();
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(readonly settings: ReviewPartnerSettings) {
    // Each delivery that waits listens: there are as many as there are, which is no leak.
    setMaxListeners(0, this.stop.signal);
  }

  /** Starts to send; `done` resolves with the delivery when nothing more will be sent, or the partner is closed. */
  send(order: ReviewOrder): { delivery: ReviewDelivery; done: Promise<ReviewDelivery> } {
    const url = order.url ?? this.settings.url;
    if (url === undefined) throw new Error('there is no URL to send to');
    const delivery: ReviewDelivery = {
      id: this.deliveries.length,
      body: JSON.stringify(this.toMessage(order)),
      attempts: [],
      taken: false,
      ended: false,
    };
    this.deliveries.push(delivery);
    const done = this.deliver(delivery, order, url);
    this.underWay.add(done);
    void done.finally(() => this.underWay.delete(done));
    return { delivery, done };
  }

  /** Gives up all that is under way. */
  async close(): Promise<void> {
    this.stop.abort();
    await Promise.all(this.underWay);
  }

  private toMessage({ message, forge }: ReviewOrder): ReviewFields {
    const { institution_id: institutionId, salt } = this.settings;
    const fields: ReviewFields = { institutionId, signType: 'MD5', ...message };
    if (forge === undefined) return { sign: signReview(fields, salt), ...fields };
    switch (forge) {
      case 'salt':
        return { ...fields, sign: signReview(fields, `not ${salt}`) };
      case 'unsigned':
        return fields;
      case 'other-review':
        return { ...fields, sign: signReview({ ...fields, bizId: 'another' }, salt) };
      case 'institution': {
        const foreign = { ...fields, institutionId: 'nobody' };
        return { ...foreign, sign: signReview(foreign, salt) };
      }
    }
  }

  private async deliver(delivery: ReviewDelivery, order: ReviewOrder, url: string): Promise<ReviewDelivery> {
    const { copies = 1, duplicates = 0, repeats = RHYTHM_SECONDS.length } = order;
    const send = async (copy: number): Promise<boolean> => await this.sendOnce(delivery, copy, url);
    const taken = await Promise.all(
      Array.from({ length: copies }, async (_, copy) => {
        for (const seconds of [...RHYTHM_SECONDS.slice(0, repeats), undefined]) {
          if (await send(copy)) return true;
          if (seconds === undefined || !(await this.pause(seconds))) return false;
        }
        return false;
      }),
    );
    delivery.taken = taken.every(Boolean);
    for (let again = 0; again < duplicates && delivery.taken && !this.stop.signal.aborted; again += 1)
      await send(0);
    delivery.ended = true;
    return delivery;
  }

  private async sendOnce(delivery: ReviewDelivery, copy: number, url: string): Promise<boolean> {
    const at = Date.now();
    const headers = { 'content-type': 'application/json' };
    try {
      const { status, body } = await callHttp({ method: 'POST', url, body: delivery.body, headers });
      delivery.attempts.push({ at, copy, status, answer: body });
      return status === 200 && body === 'SUCCESS';
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'ERROR';
      delivery.attempts.push({ at, copy, status: 0, answer: code });
      return false;
    }
  }

  /** False when the partner was closed meanwhile. */
  private async pause(seconds: number): Promise<boolean> {
    const ms = seconds * 1000 * this.settings.time_scale;
    return await delay(ms, true, { signal: this.stop.signal }).catch(() => false);
  }
}
