import { randomBytes } from 'node:crypto';
import { sessionOf, type Database } from '@kyc-relay/persistence';
import type { Logger } from '@kyc-relay/telemetry';
import type { LaneKey, LanesRepository } from '../outbound/lanes.repository';

/** A killed process's connection, and with it its lock, can outlive it by a moment. */
const LOCK_TRIES = 10;
const RETRY_MS = 200;
/** How often the connection that holds the lock is looked at. */
const WATCH_MS = 1_000;

/** A connection kept out of the pool, since an advisory lock belongs to its session. */
type Session = ReturnType<Database['dataSource']['createQueryRunner']>;

/**
 * The name under which this replica leases lanes. It holds an advisory lock on the name, on a connection of its own, so
 * that leases of that name can only be those of an earlier process, and frees them at the start. Should another process
 * hold the name, this one takes a unique one and frees nothing.
 */
export class ReplicaName {
  private session: Session | undefined;
  private watch: NodeJS.Timeout | undefined;
  private name: string;
  /** Called when the lock was lost with the store and is held again: leases may be ours of which no answer told. */
  onRetaken: () => void = () => undefined;

  constructor(
    private readonly replicaId: string,
    private readonly database: Database,
    private readonly lanes: LanesRepository,
    private readonly logger: Logger,
  ) {
    this.name = replicaId;
  }

  /** The name as it is now; it changes when the lock is lost to another process. */
  get current(): string {
    return this.name;
  }

  /** Takes the name and frees what an earlier process of that name left. Rejects when the store is away. */
  async take(): Promise<void> {
    let held = await this.tryLock();
    for (let left = LOCK_TRIES; !held && left > 0; left -= 1) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      held = await this.tryLock();
    }
    if (held) {
      const freed = await this.freeLeases();
      if (freed > 0) this.logger.info({ lanes: freed }, 'freed leases of an earlier process');
    } else {
      this.takeUniqueName();
    }
    this.watchLater();
  }

  /** Whether the connection is there that holds the name, as far as is known here. */
  get isHeld(): boolean {
    return this.session !== undefined;
  }

  /**
   * Makes the lanes due that are leased in our name, but for those in hand; returns how many. Over the connection that holds
   * the lock: while it lives, nobody else has the name. Rejects when it is gone.
   */
  async freeLeases(inHand: readonly LaneKey[] = []): Promise<number> {
    if (!this.session) throw new Error('the name of the replica is not held');
    return await this.lanes.freeOwn(await sessionOf(this.session), this.name, inHand);
  }

  async release(): Promise<void> {
    clearTimeout(this.watch);
    this.watch = undefined;
    const session = this.session;
    this.session = undefined;
    if (!session) return;
    await session.query(`select pg_advisory_unlock_all()`).catch(() => undefined);
    await session.release();
  }

  private async tryLock(): Promise<boolean> {
    this.session ??= this.database.dataSource.createQueryRunner();
    const rows = (await this.session.query(`select pg_try_advisory_lock(hashtextextended($1, 0)) as locked`, [
      `money_plus.replica.${this.replicaId}`,
    ])) as { locked: boolean }[];
    return rows[0]?.locked === true;
  }

  private watchLater(): void {
    this.watch = setTimeout(() => {
      void this.look();
    }, WATCH_MS);
  }

  /** When the server has ended the session, the lock is gone, and another process may have taken the name. */
  private async look(): Promise<void> {
    try {
      if (this.session) await this.session.query('select 1');
      else if (this.name === this.replicaId) {
        if (await this.tryLock()) this.onRetaken();
        else this.takeUniqueName();
      }
    } catch {
      const broken = this.session;
      this.session = undefined;
      await broken?.release().catch(() => undefined);
    }
    if (this.watch) this.watchLater();
  }

  private takeUniqueName(): void {
    this.name = `${this.replicaId}~${randomBytes(6).toString('hex')}`;
    this.logger.warn({ replica: this.name }, 'the replica id is held by another process');
  }
}
