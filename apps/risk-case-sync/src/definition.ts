import 'reflect-metadata';
import type { ServiceDefinition } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { RiskCaseSyncConfig } from './config';
import { DESCRIPTION } from './service';

/** What makes risk-case-sync more than the parts that every service has. */
export const RISK_CASE_SYNC: ServiceDefinition<RiskCaseSyncConfig> = {
  description: DESCRIPTION,
  config: RiskCaseSyncConfig,
  module: (parts) => AppModule.of(parts),
};
