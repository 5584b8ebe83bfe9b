import type { ClaimedLane } from '../domain/claimed-lane';
import type { TaskKind } from '../domain/task';
import type { LeasedHead, LeaseOffer, OfferedTask } from '../handlers/lease-offer';
import type {
  ClaimWish,
  LaneKey,
  LanesRepository,
  LeasedLane,
  ProbeWish,
} from '../outbound/lanes.repository';
import { WakeSignal } from './wake-signal';
import type { Endpoint } from './endpoint';
import type { Endpoints } from './endpoints';
import type { ReplicaName } from './replica-name';

/** By what lanes were leased. */
interface Lease {
  owner: string;
  claimedAt: number;
  wishes: readonly { biz_id: string; lease_ms: number }[];
}

/**
 * Gets lanes into this replica's hands, by a lease in its name: due ones by a claim, fresh ones from the intake, which leases
 * them as it makes their tasks.
 */
export class LaneClaimer {
  /** Offers whose transactions are under way: lanes may stand leased that nobody here has been told of yet. */
  private openOffers = 0;
  private readonly offerEnded = new WakeSignal();
  /** Leases may stand in our name that no answer told of, since the store or a connection to it went away. */
  private mayHaveStrays = false;

  constructor(
    private readonly lanes: LanesRepository,
    private readonly replica: ReplicaName,
    private readonly endpoints: Endpoints,
    private readonly onClaimed: (lanes: readonly ClaimedLane[]) => void,
    /** There may be lanes that are due and that nobody has leased. */
    private readonly onDue: () => void,
  ) {
    replica.onRetaken = () => {
      this.mayHaveStrays = true;
    };
  }

  /** Claims due lanes. */
  async claim(wishes: readonly ClaimWish[]): Promise<void> {
    const claimedAt = performance.now();
    const owner = this.replica.current;
    // Cleared before the claim: a wake-up during it must not be lost.
    for (const wish of wishes) this.endpoints.of(wish.biz_id, wish.kind)?.mayBeDue.delete(wish.kind);
    const leased = await this.lanes.claim(wishes, owner);
    const found = new Map<string, number>();
    for (const lane of leased) {
      const key = `${lane.biz_id}\n${lane.kind}`;
      found.set(key, (found.get(key) ?? 0) + 1);
    }
    for (const { biz_id: bizId, kind, quota } of wishes) {
      // A full quota means that there may be more.
      if ((found.get(`${bizId}\n${kind}`) ?? 0) >= quota) this.endpoints.of(bizId, kind)?.mayBeDue.add(kind);
    }
    await this.readHeads(leased, { owner, claimedAt, wishes });
  }

  /** Claims the oldest head of each endpoint that is down and due for a probe. */
  async probe(): Promise<void> {
    const wishes: ProbeWish[] = [...this.endpoints.all()].map((endpoint) => ({
      biz_id: endpoint.bizId,
      origin: endpoint.origin,
      kinds: [...endpoint.terms.paths.keys()],
      lease_ms: endpoint.leaseMs,
    }));
    if (wishes.length === 0) return;
    const claimedAt = performance.now();
    const owner = this.replica.current;
    await this.readHeads(await this.lanes.claimProbes(wishes, owner), { owner, claimedAt, wishes });
  }

  /**
   * Frees leases of which no answer told; without it such lanes wait for the end of their leases. To be called between two
   * claims, since during one nobody knows which lanes are in hand; for the same reason it passes while an offer is open.
   * @returns how many were freed
   */
  async freeStrays(inHand: readonly LaneKey[]): Promise<number> {
    if (!this.mayHaveStrays || this.openOffers > 0 || !this.replica.isHeld) return 0;
    const freed = await this.replica.freeLeases(inHand);
    this.mayHaveStrays = false;
    return freed;
  }

  /** Lets the intake lease lanes for new tasks, as many as their endpoints have room for when `mayLease`. */
  offer(tasks: readonly OfferedTask[], mayLease: boolean): LeaseOffer {
    const claimedAt = performance.now();
    const owner = this.replica.current;
    const granted = mayLease && !this.mayHaveStrays ? this.grant(tasks, claimedAt) : [];
    const wishes = granted.map(({ wish }) => wish);
    if (granted.length > 0) this.openOffers += 1;
    return {
      owner,
      wishes,
      end: (outcome) => {
        for (const { endpoint, wish } of granted) endpoint.offered -= wish.quota;
        if (granted.length > 0) this.endOffer(outcome !== undefined);
        if (!outcome) return;
        this.hand(outcome.leased, { owner, claimedAt, wishes });
        if (outcome.anyDue) this.onDue();
      },
    };
  }

  /** Waits until the transactions of all offers are over, at most `ms`; there must be no new ones. */
  async settle(ms: number): Promise<void> {
    const until = performance.now() + ms;
    for (let left = ms; this.openOffers > 0 && left > 0; left = until - performance.now())
      await this.offerEnded.sleep(left);
  }

  private endOffer(isCommitted: boolean): void {
    this.openOffers -= 1;
    this.offerEnded.wake();
    if (isCommitted) return;
    this.mayHaveStrays = true;
    this.onDue();
  }

  private grant(tasks: readonly OfferedTask[], now: number): { endpoint: Endpoint; wish: ClaimWish }[] {
    const wanted = new Map<Endpoint, Map<TaskKind, number>>();
    for (const { biz_id: bizId, kind } of tasks) {
      const endpoint = this.endpoints.of(bizId, kind);
      if (!endpoint) continue;
      const kinds = wanted.get(endpoint) ?? new Map<TaskKind, number>();
      wanted.set(endpoint, kinds.set(kind, (kinds.get(kind) ?? 0) + 1));
    }
    const granted: { endpoint: Endpoint; wish: ClaimWish }[] = [];
    for (const [endpoint, kinds] of wanted)
      for (const [kind, count] of kinds) {
        const quota = Math.min(count, endpoint.offerable(now));
        if (quota === 0) continue;
        endpoint.offered += quota;
        const { bizId, origin, leaseMs } = endpoint;
        granted.push({ endpoint, wish: { biz_id: bizId, kind, origin, quota, lease_ms: leaseMs } });
      }
    return granted;
  }

  private async readHeads(leased: readonly LeasedLane[], lease: Lease): Promise<void> {
    if (leased.length === 0) return;
    const heads = await this.lanes.readHeads(leased);
    this.hand(
      leased.map((lane, index) => ({ lane, head: heads[index] ?? null })),
      lease,
    );
  }

  private hand(
    leased: readonly (LeasedHead | { lane: LeasedLane; head: null })[],
    { owner, claimedAt, wishes }: Lease,
  ): void {
    if (leased.length === 0) return;
    // A business has one time-out, and so all its lanes one lease.
    const leaseMs = new Map(wishes.map((wish) => [wish.biz_id, wish.lease_ms]));
    this.onClaimed(
      leased.map(({ lane, head }) => ({
        shopeeUid: lane.shopee_uid,
        bizId: lane.biz_id,
        origin: this.endpoints.of(lane.biz_id, head?.kind ?? lane.kind)?.origin ?? '',
        owner,
        epoch: lane.lease_epoch,
        claimedAt,
        leaseMs: leaseMs.get(lane.biz_id) ?? 0,
        cancelRequested: lane.cancel_requested,
        probeOf: lane.resume_at ? { resumeAt: lane.resume_at } : null,
        head,
      })),
    );
  }
}
