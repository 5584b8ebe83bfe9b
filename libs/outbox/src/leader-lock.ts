import { openWatchedSocket } from '@kyc-relay/persistence';
import { Client } from 'pg';

/** How often a follower tries to become the leader, and how long a lost connection waits before the next try. */
const RETRY_MS = 500;
/** Notifications are coalesced to one in this many milliseconds: `pg_notify` per transaction halves the commit rate. */
const NOTIFY_EVERY_MS = 5;
/** How often the leader asks whether the server still knows it; a follower's tries ask the same. */
const WATCH_MS = 2_000;
/** A server that is silent for so long, although it is asked, has been lost, and with it the lock. */
const SILENCE_MS = 10_000;

/**
 * One dedicated connection that holds the context's advisory lock (whoever holds it is the one relay of the context),
 * listens for wake-ups and sends them. The lock lives and dies with the connection, so a killed leader frees it at once.
 */
export class LeaderLock {
  private client: Client | undefined;
  private timer: NodeJS.Timeout | undefined;
  private notifyTimer: NodeJS.Timeout | undefined;
  private leading = false;
  private stopped = false;
  /** The try under way; never rejects. */
  private trying: Promise<void> = Promise.resolve();
  private isTrying = false;
  /** The notification under way; undefined when there is none. */
  private notifying: Promise<unknown> | undefined;

  constructor(
    private readonly settings: {
      url: string;
      channel: string;
      applicationName: string;
      /** Milliseconds of silence after which the server counts as lost; more than the leader's questions are apart. */
      silenceMs?: number;
    },
    private readonly events: { onLead: () => void; onWake: () => void; onLost: () => void },
  ) {}

  /** Whether this process held the lock when the server last answered. */
  get isLeader(): boolean {
    return this.leading;
  }

  start(): void {
    this.try();
  }

  /** Wakes the leader: in this process at once, elsewhere by one coalesced NOTIFY. */
  wake(): void {
    if (this.leading) {
      this.events.onWake();
      return;
    }
    this.notifyTimer ??= setTimeout(() => {
      this.notifyTimer = undefined;
      this.notify();
    }, NOTIFY_EVERY_MS);
  }

  /** Frees the lock and closes the connection, also one that is just being made. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.notifyTimer);
    this.leading = false;
    // First the connection that is there: it ends a statement that hangs.
    await this.client?.end().catch(() => undefined);
    await this.trying;
    await this.client?.end().catch(() => undefined);
  }

  /** The connection takes one statement at a time; a wake-up lost to that costs a poll interval, never a message. */
  private notify(): void {
    if (this.isTrying || this.notifying || !this.client) return;
    this.notifying = this.client
      .query(`notify ${this.settings.channel}`)
      .catch(() => undefined)
      .finally(() => {
        this.notifying = undefined;
      });
  }

  private try(): void {
    this.isTrying = true;
    this.trying = this.connectAndTry().finally(() => {
      this.isTrying = false;
    });
  }

  private async connectAndTry(): Promise<void> {
    try {
      const client = (this.client ??= await this.connect());
      await this.notifying;
      if (this.isStopped()) return;
      const result = await client.query<{ locked: boolean }>(
        `select pg_try_advisory_lock(hashtextextended($1, 0)) as locked`,
        [this.settings.channel],
      );
      // Lost with the very answer, and the lock with it: whoever noticed tries again.
      if (this.client !== client) return;
      if (result.rows[0]?.locked === true && !this.isStopped()) {
        this.leading = true;
        this.events.onLead();
        this.watchLater(client);
        return;
      }
    } catch {
      this.drop();
    }
    this.retryLater();
  }

  private async connect(): Promise<Client> {
    const client = new Client({
      connectionString: this.settings.url,
      application_name: this.settings.applicationName,
      keepAlive: true,
      stream: () => openWatchedSocket(this.settings.silenceMs ?? SILENCE_MS),
      connectionTimeoutMillis: 2_000,
    });
    const lost = (): void => {
      if (this.client === client) {
        this.drop();
        this.retryLater();
      }
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', () => {
      this.events.onWake();
    });
    await client.connect();
    try {
      await client.query(`listen ${this.settings.channel}`);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return client;
  }

  /** A lock that the server has given to another must not be believed in: silence ends the connection, and so the lead. */
  private watchLater(client: Client): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.client !== client || this.stopped) return;
      void client.query('select 1').then(
        () => {
          this.watchLater(client);
        },
        () => undefined,
      );
    }, WATCH_MS);
  }

  private drop(): void {
    const client = this.client;
    this.client = undefined;
    if (this.leading) {
      this.leading = false;
      this.events.onLost();
    }
    client?.end().catch(() => undefined);
  }

  private retryLater(): void {
    clearTimeout(this.timer);
    if (!this.stopped)
      this.timer = setTimeout(() => {
        this.try();
      }, RETRY_MS);
  }

  private isStopped(): boolean {
    return this.stopped;
  }
}
