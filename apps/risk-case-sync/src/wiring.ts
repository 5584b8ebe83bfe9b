import type { RegistryFile } from '@kyc-relay/config';
import type { KeyRing } from '@kyc-relay/crypto';
import type { Outbox } from '@kyc-relay/outbox';
import type { Database } from '@kyc-relay/persistence';
import { TRACING_OFF, type Tracing } from '@kyc-relay/telemetry';
import { SaveRows, type SaveStores } from './handlers/save-rows';
import { AcquirerClient } from './outbound/acquirer.client';
import { AgentsRepository } from './outbound/agents.repository';
import { CasesRepository } from './outbound/cases.repository';
import { MonthsRepository } from './outbound/months.repository';
import { OddRowsRepository } from './outbound/odd-rows.repository';
import { RateBudgetRepository } from './outbound/rate-budget.repository';
import { ReadBacksRepository } from './outbound/read-backs.repository';
import { RefreshRepository } from './outbound/refresh.repository';
import { RunsRepository } from './outbound/runs.repository';
import { WindowsRepository } from './outbound/windows.repository';
import { AgentLocks } from './sync/agent-locks';
import type { ShiftParts } from './sync/agent-shift';
import type { PassSettings } from './sync/pass';
import { SyncEngine } from './sync/sync-engine';

/** The stores of the service. */
export type RiskStores = SaveStores & {
  refresh: RefreshRepository;
  months: MonthsRepository;
  readBacks: ReadBacksRepository;
};

/** Makes the stores. */
export function createStores(database: Database, outbox: Outbox, keyRing: KeyRing): RiskStores {
  return {
    database,
    outbox,
    agents: new AgentsRepository(database),
    cases: new CasesRepository(keyRing),
    oddRows: new OddRowsRepository(keyRing),
    windows: new WindowsRepository(),
    runs: new RunsRepository(database),
    refresh: new RefreshRepository(database),
    months: new MonthsRepository(database),
    readBacks: new ReadBacksRepository(database),
  };
}

/** What the engine needs to know beside its stores. */
export type EngineSettings = PassSettings &
  Pick<ShiftParts, 'logger' | 'onRunEnd'> & {
    registry: RegistryFile;
    parallelism: number;
    tracing?: Tracing;
  };

/** Makes the engine that keeps the copies. */
export function createSyncEngine(stores: RiskStores, settings: EngineSettings): SyncEngine {
  const { registry, logger, onRunEnd, tracing = TRACING_OFF, ...pass } = settings;
  return new SyncEngine(
    {
      stores: { ...stores, logger },
      save: new SaveRows(stores),
      client: new AcquirerClient(),
      budget: new RateBudgetRepository(stores.database),
      settings: pass,
      logger,
      tracing,
      onRunEnd,
    },
    new AgentLocks(stores.database),
    registry,
  );
}
