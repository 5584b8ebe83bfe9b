import { Module, type DynamicModule } from '@nestjs/common';
import { TOKEN_SOURCE } from '@kyc-relay/access';
import { OperationsController } from '@kyc-relay/http';
import type { ServiceParts } from '@kyc-relay/service';
import { Health, Metrics } from '@kyc-relay/telemetry';
import type { MoneyPlusCallbackConfig } from './config';
import { CallbackMetrics } from './delivery/callback-metrics';
import { DeliveryEngine } from './delivery/delivery-engine';
import { ReplicaName } from './delivery/replica-name';
import { CancelTasks } from './handlers/cancel-tasks';
import { CreateTasks } from './handlers/create-tasks';
import { RedriveTasks } from './handlers/redrive-tasks';
import { ReturnLanes } from './handlers/return-lanes';
import { ViewTasks } from './handlers/view-tasks';
import { CallbackTasksController } from './inbound/callback-tasks.controller';
import { UserEventsConsumer } from './inbound/user-events.consumer';
import { CircuitsRepository } from './outbound/circuits.repository';
import { LanesRepository } from './outbound/lanes.repository';
import { ReturnsRepository } from './outbound/returns.repository';
import { TaskActionsRepository } from './outbound/task-actions.repository';
import { TaskViewRepository } from './outbound/task-view.repository';
import { TasksRepository } from './outbound/tasks.repository';
import { UserVersionsRepository } from './outbound/user-versions.repository';

/** All wiring of money-plus-callback. */
@Module({})
export class AppModule {
  static of(parts: ServiceParts, config: MoneyPlusCallbackConfig): DynamicModule {
    const { database, outbox, registry, logger, metrics, tracing } = parts;
    const lanes = new LanesRepository(database);
    const circuits = new CircuitsRepository(database);
    const actions = new TaskActionsRepository(database);
    const engine = new DeliveryEngine({
      lanes,
      returnLanes: new ReturnLanes(database, lanes, circuits, new ReturnsRepository(), outbox, Math.random),
      replica: new ReplicaName(config.replicaId, database, lanes, logger),
      metrics: new CallbackMetrics(metrics),
      logger,
      tracing,
    });
    const wakeEngine = (): void => {
      engine.wake();
    };
    engine.setBusinesses(registry.current().businesses.values());
    registry.onChange((partners) => {
      engine.setBusinesses(partners.businesses.values());
    });
    const createTasks = new CreateTasks(
      new TasksRepository(),
      new UserVersionsRepository(),
      (tasks) => engine.offerLeases(tasks),
      logger,
      metrics,
    );
    return {
      module: AppModule,
      controllers: [UserEventsConsumer, CallbackTasksController, OperationsController],
      providers: [
        { provide: TOKEN_SOURCE, useValue: registry },
        { provide: Health, useValue: parts.health },
        { provide: Metrics, useValue: metrics },
        { provide: CreateTasks, useValue: createTasks },
        { provide: ViewTasks, useValue: new ViewTasks(new TaskViewRepository(database)) },
        { provide: RedriveTasks, useValue: new RedriveTasks(database, lanes, actions, wakeEngine) },
        {
          provide: CancelTasks,
          useValue: new CancelTasks(database, lanes, actions, outbox, wakeEngine),
        },
        { provide: DeliveryEngine, useValue: engine },
      ],
    };
  }
}
