import { Module, type DynamicModule } from '@nestjs/common';
import { TOKEN_SOURCE } from '@kyc-relay/access';
import { RegistryFile } from '@kyc-relay/config';
import { AddressRanges, OperationsController } from '@kyc-relay/http';
import { Database } from '@kyc-relay/persistence';
import type { ServiceParts } from '@kyc-relay/service';
import { Health, Metrics } from '@kyc-relay/telemetry';
import type { RiskCaseSyncConfig } from './config';
import { EngineSignal } from './handlers/engine-signal';
import { OrderRuns } from './handlers/order-runs';
import { ServeQuery } from './handlers/serve-query';
import { TakePush } from './handlers/take-push';
import { ViewSync } from './handlers/view-sync';
import { AuthenticClients } from './inbound/authentic-clients';
import { CaseHistoryController } from './inbound/case-history.controller';
import { NotifyController } from './inbound/notify.controller';
import { PushReport } from './inbound/push-report';
import { QueryController } from './inbound/query.controller';
import { SyncRunsController } from './inbound/sync-runs.controller';
import { AgentsRepository } from './outbound/agents.repository';
import { CaseSearchRepository } from './outbound/case-search.repository';
import { CasesRepository } from './outbound/cases.repository';
import { PushesRepository } from './outbound/pushes.repository';
import { ReadBacksRepository } from './outbound/read-backs.repository';
import { RunsRepository } from './outbound/runs.repository';
import { SyncEngine } from './sync/sync-engine';
import { createStores, createSyncEngine } from './wiring';

/** All wiring of risk-case-sync. */
@Module({})
export class AppModule {
  static of(parts: ServiceParts, config: RiskCaseSyncConfig): DynamicModule {
    const { database, outbox, keyRing, registry, logger, metrics, health, tracing } = parts;
    const stores = createStores(database, outbox, keyRing);
    const ends = metrics.counter('relay_sync_runs_total', 'Runs that ended', ['agent', 'state']);
    const engine = createSyncEngine(stores, {
      registry,
      logger,
      tracing,
      parallelism: config.syncParallelism,
      finalRefreshRequests: config.finalRefreshRequests,
      monthCheckSeconds: config.monthCheckSeconds,
      historyRetentionDays: config.historyRetentionDays,
      onRunEnd: (agent, state) => {
        ends.inc({ agent, state });
      },
    });
    return {
      module: AppModule,
      controllers: [
        QueryController,
        NotifyController,
        SyncRunsController,
        CaseHistoryController,
        OperationsController,
      ],
      providers: [
        { provide: Database, useValue: database },
        { provide: RegistryFile, useValue: registry },
        { provide: TOKEN_SOURCE, useValue: registry },
        { provide: Health, useValue: health },
        { provide: Metrics, useValue: metrics },
        { provide: AddressRanges, useValue: new AddressRanges(config.trustedProxies) },
        { provide: PushReport, useValue: new PushReport(logger, metrics) },
        { provide: SyncEngine, useValue: engine },
        { provide: EngineSignal, useValue: engine },
        { provide: AgentsRepository, useValue: stores.agents },
        { provide: CasesRepository, useValue: stores.cases },
        { provide: RunsRepository, useValue: stores.runs },
        { provide: ReadBacksRepository, useValue: stores.readBacks },
        { provide: PushesRepository, useValue: new PushesRepository(keyRing) },
        { provide: CaseSearchRepository, useValue: new CaseSearchRepository(database) },
        AuthenticClients,
        ServeQuery,
        TakePush,
        OrderRuns,
        ViewSync,
      ],
    };
  }
}
