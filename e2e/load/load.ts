import { setTimeout as delay } from 'node:timers/promises';
import { toEnvelope, type UpstreamEvent } from '@kyc-relay/simulators';
import { awaitState } from '../world/await-state';
import { call } from '../world/call';
import { User } from '../world/user';
import type { World } from '../world/world';
import { Arrivals } from './arrivals';

/** A user under load, and what was published about them, in order. */
export interface LoadedUser {
  user: User;
  names: string[];
  phones: string[];
}

/** One publication of a change of every user of a channel. */
interface Tick {
  /** ms since the epoch. */
  startedAt: number;
  changes: { uid: string; value: string }[];
}

/** Between two sends of a channel; slower where the machine is: upstream is never far ahead of what arrives. */
const PAUSE_MS = 200;
const AHEAD_TICKS = 4;
const LONGEST_OUTAGE_MS = 60_000;

/**
 * Upstream at work: over and over it tells a new name of every user, over Kafka or over HTTP, and a new phone of some,
 * each send after the acknowledgement of the one before. What was not acknowledged is sent again with the same ids.
 */
export class Load {
  readonly users: LoadedUser[];
  readonly ticks: Tick[] = [];
  private running: Promise<void>[] = [];
  private stopping = false;
  private readonly failures: unknown[] = [];

  private constructor(
    private readonly world: World,
    private readonly overKafka: LoadedUser[],
    private readonly overHttp: LoadedUser[],
    readonly arrivals: Arrivals,
  ) {
    this.users = [...overKafka, ...overHttp];
  }

  /** Subscribed users with an approved eKYC, whose callbacks have come. */
  static async prepare(world: World, count: number): Promise<Load> {
    const users = await Promise.all(
      Array.from({ length: count }, async () => ({
        user: await User.subscribed(world, 'load'),
        names: [] as string[],
        phones: [] as string[],
      })),
    );
    await world.publish(...users.flatMap(({ user }) => user.becomes(300, { name: 'first', phone: 'first' })));
    for (const { user } of users) await user.callbacks(2);
    const middle = Math.ceil((count * 2) / 3);
    return new Load(world, users.slice(0, middle), users.slice(middle), new Arrivals(world.moneyPlus));
  }

  /** How many changes were published. */
  get published(): number {
    return this.users.reduce((sum, { names, phones }) => sum + names.length + phones.length, 0);
  }

  start(): void {
    this.stopping = false;
    this.running = [this.repeat(this.overKafka, 'kafka'), this.repeat(this.overHttp, 'http')];
  }

  /** Ends after the sends under way; rejects when one of them failed for good. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running);
    if (this.failures.length > 0) throw this.failures[0];
  }

  /** The first tick of each channel that began at or after a time. */
  ticksSince(time: number): Tick[] {
    const isKafka = (tick: Tick): boolean => tick.changes[0]?.uid === this.overKafka[0]?.user.uid;
    const since = this.ticks.filter(({ startedAt }) => startedAt >= time);
    return [since.find(isKafka), since.find((tick) => !isKafka(tick))].filter((tick) => tick !== undefined);
  }

  private async repeat(users: LoadedUser[], channel: 'kafka' | 'http'): Promise<void> {
    for (let round = 0; !this.stopping; round += 1) {
      const tick: Tick = { startedAt: nowMs(), changes: [] };
      const events: UpstreamEvent[] = [];
      for (const [index, loaded] of users.entries()) {
        const value = `name ${loaded.names.length}`;
        loaded.names.push(value);
        tick.changes.push({ uid: loaded.user.uid, value });
        events.push(loaded.user.changeApproved({ name: value }));
        if (index % 3 === round % 3) events.push(this.changePhone(loaded));
      }
      this.ticks.push(tick);
      try {
        await (channel === 'kafka' ? this.world.publish(...events) : this.postUntilTaken(events));
      } catch (error) {
        this.failures.push(error);
        return;
      }
      do await delay(PAUSE_MS);
      while (!this.mayGoOn);
    }
  }

  /** Not while what was published lies too far ahead of what has arrived; at once when it shall end. */
  private get mayGoOn(): boolean {
    return this.stopping || this.published - this.arrivals.values <= AHEAD_TICKS * this.users.length;
  }

  private changePhone(loaded: LoadedUser): UpstreamEvent {
    const phone = `phone ${loaded.phones.length}`;
    loaded.phones.push(phone);
    return loaded.user.changePhone(phone);
  }

  /** A replica that is away or says 503 is asked again, then the next one, with the same ids. */
  private async postUntilTaken(events: UpstreamEvent[]): Promise<void> {
    const content = JSON.stringify(events.map(toEnvelope));
    const replicas = this.world.running.stack.services['kyc-status-publisher']?.length ?? 1;
    let tries = 0;
    await awaitState(
      'events over HTTP are taken',
      async () => {
        tries += 1;
        const answer = await call({
          url: this.world.url('kyc-status-publisher', '/v1/events', tries % replicas),
          content,
          headers: { 'content-type': 'application/cloudevents-batch+json' },
          as: this.world.as('publisher'),
        });
        if (answer.status !== 202 && answer.status !== 503)
          this.failures.push(new Error(`answered ${answer.text}`));
        return answer.status === 202;
      },
      LONGEST_OUTAGE_MS,
    );
  }
}

/** ms since the epoch on the clock of the receiver's log. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
