import 'reflect-metadata';
import type { ServiceDefinition } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { PayeeServiceConfig } from './config';
import { RET_ENVELOPES } from './inbound/ret-code';
import { OPENAPI } from './openapi/document';
import { DESCRIPTION } from './service';
import { createUpkeep } from './upkeep';

/** What makes payee-service more than the parts that every service has. */
export const PAYEE_SERVICE: ServiceDefinition<PayeeServiceConfig> = {
  description: DESCRIPTION,
  config: PayeeServiceConfig,
  module: (parts) => AppModule.of(parts),
  workers: (_app, parts, config) => createUpkeep(parts, config),
  envelopes: RET_ENVELOPES,
  openapi: OPENAPI,
};
