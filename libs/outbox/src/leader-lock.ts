import { Client } from 'pg';

/** How often a follower tries to become the leader, and how long a lost connection waits before the next try. */
const RETRY_MS = 500;
/** Notifications are coalesced to one in this many milliseconds: `pg_notify` per transaction halves the commit rate. */
const NOTIFY_EVERY_MS = 5;

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

  constructor(
    private readonly settings: { url: string; channel: string; applicationName: string },
    private readonly events: { onLead: () => void; onWake: () => void; onLost: () => void },
  ) {}

  /** Whether this process held the lock when the server last answered. */
  get isLeader(): boolean {
    return this.leading;
  }

  start(): void {
    void this.connectAndTry();
  }

  /** Wakes the leader: in this process at once, elsewhere by one coalesced NOTIFY. */
  wake(): void {
    if (this.leading) {
      this.events.onWake();
      return;
    }
    this.notifyTimer ??= setTimeout(() => {
      this.notifyTimer = undefined;
      // A lost wake-up costs a poll interval, never a message.
      this.client?.query(`notify ${this.settings.channel}`).catch(() => undefined);
    }, NOTIFY_EVERY_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.notifyTimer);
    this.leading = false;
    await this.client?.end().catch(() => undefined);
  }

  private async connectAndTry(): Promise<void> {
    try {
      this.client ??= await this.connect();
      const result = await this.client.query<{ locked: boolean }>(
        `select pg_try_advisory_lock(hashtextextended($1, 0)) as locked`,
        [this.settings.channel],
      );
      if (result.rows[0]?.locked === true && !this.isStopped()) {
        this.leading = true;
        this.events.onLead();
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
    await client.query(`listen ${this.settings.channel}`);
    return client;
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
    if (!this.stopped) this.timer = setTimeout(() => void this.connectAndTry(), RETRY_MS);
  }

  private isStopped(): boolean {
    return this.stopped;
  }
}
