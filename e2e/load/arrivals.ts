import type { MoneyPlus, ReceivedRequest } from '@kyc-relay/simulators';
import { parseBody } from '../world/user';

/** What Money+ has processed with success, read from its own log as it grows. */
export class Arrivals {
  /** When each value (a name or a phone) of a user came first, ms since the epoch. */
  private readonly firstAt = new Map<string, Map<string, number>>();
  private readonly seen = new Set<number>();
  private next = 0;
  private distinct = 0;

  constructor(private readonly moneyPlus: MoneyPlus) {}

  /** How many callbacks have come with success, repeats included. */
  get count(): number {
    this.update();
    return this.seen.size;
  }

  /** How many names and phones have come, each once. */
  get values(): number {
    this.update();
    return this.distinct;
  }

  /** When a value of a user came first; undefined while it has not. */
  timeOf(uid: string, value: string): number | undefined {
    return this.firstAt.get(uid)?.get(value);
  }

  /** Looks at what came since; a request that is still open is looked at again. */
  update(): void {
    let oldestOpen: number | undefined;
    let last = this.next - 1;
    for (const request of this.moneyPlus.received({ since: this.next })) {
      last = request.index;
      if (request.ended_at === null) oldestOpen ??= request.index;
      else if (request.success === true && !this.seen.has(request.index)) this.take(request);
    }
    this.next = oldestOpen ?? last + 1;
  }

  private take(request: ReceivedRequest): void {
    this.seen.add(request.index);
    const value = valueOf(request);
    const uid = request.shopee_uid;
    if (value === undefined || uid === null) return;
    const ofUser = this.firstAt.get(uid) ?? new Map<string, number>();
    this.firstAt.set(uid, ofUser);
    if (ofUser.has(value)) return;
    ofUser.set(value, request.arrived_at);
    this.distinct += 1;
  }
}

/** The name or phone that an info callback tells; undefined for a status callback. */
export function valueOf(request: ReceivedRequest): string | undefined {
  if (request.kind !== 'info') return undefined;
  const { name, phone } = parseBody(request.body);
  return (name ?? phone) as string | undefined;
}
