import type { Business } from '@kyc-relay/config';
import { newEventId, StatusChangedDto } from '@kyc-relay/contracts';
import { KeyRing } from '@kyc-relay/crypto';
import type { Fact } from '@kyc-relay/messaging';
import { Outbox } from '@kyc-relay/outbox';
import { createDataSource, Database, type OpenTx } from '@kyc-relay/persistence';
import { Metrics, TRACING_OFF, type Tracing } from '@kyc-relay/telemetry';
import {
  collectingLogger,
  createTestDatabase,
  eventually,
  TEST_DATA_KEYS,
  type Cleanup,
  type CollectingLogger,
  type TestDatabase,
} from '@kyc-relay/testing';
import { CallbackMetrics } from '../delivery/callback-metrics';
import { DeliveryEngine } from '../delivery/delivery-engine';
import { ReplicaName } from '../delivery/replica-name';
import type { LaneReturn } from '../domain/claimed-lane';
import type { TaskState } from '../domain/task';
import { taskIdOf } from '../domain/task-id';
import { CancelTasks } from '../handlers/cancel-tasks';
import { CreateTasks } from '../handlers/create-tasks';
import type { LeaseOffer } from '../handlers/lease-offer';
import { RedriveTasks } from '../handlers/redrive-tasks';
import { ReturnLanes, type ReturnSummary } from '../handlers/return-lanes';
import { ViewTasks, type TaskDetails } from '../handlers/view-tasks';
import { CircuitsRepository } from '../outbound/circuits.repository';
import { LanesRepository } from '../outbound/lanes.repository';
import { ReturnsRepository } from '../outbound/returns.repository';
import { TaskActionsRepository } from '../outbound/task-actions.repository';
import { TaskViewRepository } from '../outbound/task-view.repository';
import { TasksRepository } from '../outbound/tasks.repository';
import { UserVersionsRepository } from '../outbound/user-versions.repository';
import { moneyPlusMigrations } from '../migrations';

const TOPIC = 'kyc.user-events.v1';
const NO_OFFER: LeaseOffer = { owner: 'nobody', wishes: [], end: () => undefined };
const KEYS = KeyRing.parse(TEST_DATA_KEYS);

/** A change to be told; what is left out is made up. */
export interface Change {
  uid: string;
  version?: number;
  bizIds?: string[];
  traceparent?: string;
}

/** An engine with connections of its own, as another process would have. */
export class TestReplica {
  private isDead = false;

  private constructor(
    readonly engine: DeliveryEngine,
    readonly name: ReplicaName,
    readonly metrics: Metrics,
    private readonly database: Database,
  ) {}

  static async start(
    database: Database,
    replicaId: string,
    businesses: readonly Business[],
    { logger, tracing }: { logger: CollectingLogger['logger']; tracing: Tracing },
    returnLanes?: (run: ReturnLanes['run']) => ReturnLanes['run'],
  ): Promise<TestReplica> {
    const lanes = new LanesRepository(database);
    const outbox = new Outbox('money_plus', '/kyc-relay/money-plus-callback', KEYS);
    const handler = new ReturnLanes(
      database,
      lanes,
      new CircuitsRepository(database),
      new ReturnsRepository(),
      outbox,
      // Full jitter at its longest, so that backoff is what its formula says.
      () => 1 - Number.EPSILON,
    );
    if (returnLanes) handler.run = returnLanes(handler.run.bind(handler));
    const name = new ReplicaName(replicaId, database, lanes, logger);
    const metrics = new Metrics();
    const engine = new DeliveryEngine({
      lanes,
      returnLanes: handler,
      replica: name,
      metrics: new CallbackMetrics(metrics),
      logger,
      tracing,
    });
    engine.setBusinesses(businesses);
    await engine.start();
    return new TestReplica(engine, name, metrics, database);
  }

  async stop(): Promise<void> {
    if (this.isDead) return;
    this.isDead = true;
    await this.engine.stop();
    await this.database.close();
  }

  /** From now on the store sees of this replica what it sees of a killed process: nothing. Its calls go on. */
  async cut(): Promise<void> {
    await this.database.close();
  }
}

/** The world of delivery tests: a database, an intake, replicas. */
export class DeliveryBed {
  readonly redrives: RedriveTasks;
  readonly cancels: CancelTasks;
  readonly view: ViewTasks;
  readonly intake: CreateTasks;
  /** The replica that the intake belongs to, which may lease what it makes; without one its tasks are found by claims. */
  intakeOf: TestReplica | undefined;
  private readonly replicas: TestReplica[] = [];
  private readonly versions = new Map<string, number>();

  readonly metrics = new Metrics();
  readonly log = collectingLogger();
  /** Of the replicas that are started after it was set. */
  tracing: Tracing = TRACING_OFF;

  private constructor(
    /** The database itself, to look at it or take it away. */
    readonly store: TestDatabase,
    readonly database: Database,
  ) {
    const lanes = new LanesRepository(database);
    const actions = new TaskActionsRepository(database);
    const outbox = new Outbox('money_plus', '/kyc-relay/money-plus-callback', KEYS);
    const wake = (): void => {
      this.wake();
    };
    this.redrives = new RedriveTasks(database, lanes, actions, wake);
    this.cancels = new CancelTasks(database, lanes, actions, outbox, wake);
    this.view = new ViewTasks(new TaskViewRepository(database));
    this.intake = new CreateTasks(
      new TasksRepository(),
      new UserVersionsRepository(),
      (tasks) => this.intakeOf?.engine.offerLeases(tasks) ?? NO_OFFER,
      this.log.logger,
      this.metrics,
    );
  }

  /** Call it in `beforeAll`; everything ends with the file. */
  static async open(cleanup: Cleanup): Promise<DeliveryBed> {
    const store = await createTestDatabase(cleanup, { migrations: moneyPlusMigrations });
    const database = await connectTo(store);
    const bed = new DeliveryBed(store, database);
    cleanup.defer(async () => {
      await bed.stopReplicas();
      await database.close();
    });
    return bed;
  }

  /** Ends the replicas of a test and forgets its tasks. */
  async reset(): Promise<void> {
    await this.stopReplicas();
    this.intakeOf = undefined;
    this.versions.clear();
    await this.database.execute(
      `truncate money_plus.tasks, money_plus.lanes, money_plus.attempts, money_plus.circuits, money_plus.outbox,
         money_plus.user_versions, money_plus.audit_log`,
    );
  }

  async replica(
    id: string,
    businesses: readonly Business[],
    returnLanes?: (run: ReturnLanes['run']) => ReturnLanes['run'],
  ): Promise<TestReplica> {
    const replica = await TestReplica.start(
      await connectTo(this.store),
      id,
      businesses,
      { logger: this.log.logger, tracing: this.tracing },
      returnLanes,
    );
    this.replicas.push(replica);
    return replica;
  }

  wake(): void {
    for (const replica of this.replicas) replica.engine.wake();
  }

  /** Takes in status changes as the consumer does; returns their event ids. */
  async tell(changes: readonly Change[]): Promise<string[]> {
    const events = await this.database.transaction(async (tx) => await this.tellIn(tx, changes));
    this.wake();
    return events;
  }

  /** The same in a transaction of the test's, and without waking anybody. */
  async tellIn(tx: OpenTx, changes: readonly Change[]): Promise<string[]> {
    const facts = changes.map((change) => this.toFact(change));
    await this.takeIn(facts, tx);
    return facts.map((fact) => fact.data.event_id);
  }

  async takeIn(facts: Fact[], tx: OpenTx): Promise<void> {
    await this.intake.run(TOPIC, { arrived: facts, facts: async () => await Promise.resolve(facts), tx });
  }

  /** The task that tells a business about an event. */
  async task(eventId: string, bizId = 'MONEY_PLUS'): Promise<TaskDetails> {
    const task = await this.view.details(taskIdOf(eventId, bizId));
    if (!task) throw new Error('no such task');
    return task;
  }

  /** Waits until the task is in the state. */
  async reaches(state: TaskState, eventId: string, bizId = 'MONEY_PLUS'): Promise<TaskDetails> {
    return await eventually(
      async () => {
        const task = await this.task(eventId, bizId);
        return task.state === state && task;
      },
      { what: `the state ${state}` },
    );
  }

  /** What was told about ends, in the order of commits. */
  async finished(): Promise<Record<string, unknown>[]> {
    const rows = await this.database.query<{ payload: Buffer }>(
      `select payload from money_plus.outbox where topic = 'money-plus.callback-finished.v1' order by id`,
    );
    return rows.map((row) => JSON.parse(row.payload.toString('utf8')) as Record<string, unknown>);
  }

  private async stopReplicas(): Promise<void> {
    for (const replica of this.replicas.splice(0)) await replica.stop();
  }

  private toFact({ uid, version, bizIds = ['MONEY_PLUS'], traceparent }: Change): Fact<StatusChangedDto> {
    const at = version ?? (this.versions.get(uid) ?? 0) + 1;
    this.versions.set(uid, at);
    const eventId = newEventId();
    const data = Object.assign(new StatusChangedDto(), {
      event_id: eventId,
      shopee_uid: uid,
      version: at,
      spay_kyc_client_status: 3,
      spay_kyc_level: 300,
      spay_reject_reason: '',
      spay_reject_reason_key: '',
      spay_delete_reason: '',
      spay_delete_reason_key: '',
      change_status_time: 1666755263,
      subscriptions: bizIds.map((bizId) => ({ biz_id: bizId, is_meet_business: true })),
    });
    return {
      id: eventId,
      source: '/kyc-relay/kyc-status-publisher',
      type: 'kyc.status-changed',
      time: new Date(1666755263000),
      key: uid,
      replay: false,
      traceparent,
      data,
    };
  }
}

async function connectTo(store: TestDatabase): Promise<Database> {
  const dataSource = createDataSource({
    url: store.url,
    schema: 'money_plus',
    applicationName: 'money-plus-callback',
    poolSize: 8,
    plansByKeys: true,
  });
  return new Database(await dataSource.initialize());
}

/** A returner that lets a test stop the world right before results are saved. */
export function beforeSaving(
  act: (returned: readonly LaneReturn[]) => Promise<void>,
): (run: ReturnLanes['run']) => ReturnLanes['run'] {
  return (run) =>
    async (returned): Promise<ReturnSummary> => {
      await act(returned);
      return await run(returned);
    };
}
