import 'reflect-metadata';
import type { ServiceDefinition } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { RiskCaseSyncConfig } from './config';
import { RISK_ENVELOPES } from './inbound/answers';
import { OPENAPI } from './openapi/document';
import { DESCRIPTION } from './service';
import { SyncEngine } from './sync/sync-engine';
import { createUpkeep } from './upkeep';

/** What makes risk-case-sync more than the parts that every service has. */
export const RISK_CASE_SYNC: ServiceDefinition<RiskCaseSyncConfig> = {
  description: DESCRIPTION,
  config: RiskCaseSyncConfig,
  module: (parts, config) => AppModule.of(parts, config),
  workers: (app, parts, config) => [app.get(SyncEngine), ...createUpkeep(parts, config)],
  envelopes: RISK_ENVELOPES,
  openapi: OPENAPI,
};
