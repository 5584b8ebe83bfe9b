import { InfoChangedDto, StatusChangedDto } from '@kyc-relay/contracts';
import type { Chunk, Refusal } from '@kyc-relay/messaging';
import type { OpenTx } from '@kyc-relay/persistence';
import { readTraceparent, type Logger, type Metrics } from '@kyc-relay/telemetry';
import { planInfoTasks, planStatusTasks, type PlannedTask } from '../domain/plan-tasks';
import { countVersionGaps, latestOf, type SeenVersion } from '../domain/version-gaps';
import type { FreshLane, NewTask, TasksRepository } from '../outbound/tasks.repository';
import type { UserVersionsRepository } from '../outbound/user-versions.repository';
import type { LeasedHead, OfferLeases, OfferOutcome } from './lease-offer';

/** Makes the callbacks that changes of users cause, in the chunk's transaction; the delivery gets them with its commit. */
export class CreateTasks {
  private readonly gaps;

  constructor(
    private readonly tasks: TasksRepository,
    private readonly versions: UserVersionsRepository,
    private readonly offerLeases: OfferLeases,
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.gaps = metrics.counter(
      'relay_version_gaps_total',
      'Jumps in the versions of a record: a message was lost on the way',
      ['topic'],
    );
  }

  /**
   * Accepts every fact; those that cause no callback change nothing. What is written is not waited for: the statements travel
   * with the commit, which fails when one of them does, and what they answer is needed after it.
   */
  async run(topic: string, chunk: Chunk): Promise<(Refusal | undefined)[]> {
    const { tx } = chunk;
    const facts = await chunk.facts();
    const tasks: NewTask[] = [];
    const seen: SeenVersion[] = [];
    for (const { data, traceparent } of facts) {
      if (!(data instanceof StatusChangedDto) && !(data instanceof InfoChangedDto)) continue;
      seen.push({ shopeeUid: data.shopee_uid, version: data.version });
      const planned = data instanceof StatusChangedDto ? planStatusTasks(data) : planInfoTasks(data);
      for (const task of planned) tasks.push(toRow(task, traceparent));
    }
    this.create(tx, tasks);
    this.watchVersions(topic, tx, seen);
    return facts.map(() => undefined);
  }

  private create(tx: OpenTx, tasks: readonly NewTask[]): void {
    if (tasks.length === 0) return;
    const offer = this.offerLeases(tasks);
    const made = this.tasks.create(tx, tasks, offer).then(
      (fresh) => toOutcome(tasks, fresh),
      () => undefined,
    );
    tx.onEnd((isCommitted) => {
      void made.then((outcome) => {
        offer.end(isCommitted ? outcome : undefined);
      });
    });
  }

  private watchVersions(topic: string, tx: OpenTx, seen: readonly SeenVersion[]): void {
    if (seen.length === 0) return;
    const latest = latestOf(seen);
    const gaps = this.versions.read(tx, [...latest.keys()]).then(
      (known) => countVersionGaps(known, seen),
      () => 0,
    );
    this.versions.save(tx, latest);
    tx.onEnd((isCommitted) => {
      if (!isCommitted) return;
      void gaps.then((count) => {
        this.reportGaps(topic, count);
      });
    });
  }

  private reportGaps(topic: string, gaps: number): void {
    if (gaps === 0) return;
    this.gaps.inc({ topic }, gaps);
    this.logger.warn({ topic, gaps }, 'versions are missing: messages were lost on the way');
  }
}

/** What was made of the tasks, as the delivery wants to know it. */
function toOutcome(tasks: readonly NewTask[], fresh: readonly FreshLane[]): OfferOutcome {
  // Of two with one id the first was made.
  const byId = new Map(tasks.toReversed().map((task) => [task.task_id, task]));
  return {
    leased: fresh.flatMap((lane) => toLeasedHead(lane, byId.get(lane.task_id)) ?? []),
    anyDue: fresh.some(({ leased }) => !leased),
  };
}

function toRow(task: PlannedTask, traceparent: string | undefined): NewTask {
  return {
    task_id: task.taskId,
    event_id: task.eventId,
    biz_id: task.bizId,
    shopee_uid: task.shopeeUid,
    kind: task.kind,
    version: task.version,
    body: task.body,
    traceparent: readTraceparent(traceparent) ?? null,
  };
}

/** The head as a look at the store would find it. */
function toLeasedHead(lane: FreshLane, task: NewTask | undefined): LeasedHead | undefined {
  if (!lane.leased || !task) return undefined;
  return {
    lane,
    head: {
      taskId: task.task_id,
      eventId: task.event_id,
      kind: task.kind,
      version: String(task.version),
      body: Buffer.from(task.body, 'utf8'),
      traceparent: task.traceparent,
      attempts: { counted: 0, recorded: 0, countedBefore: 0 },
      superseded: false,
    },
  };
}
