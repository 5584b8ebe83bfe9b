import 'reflect-metadata';
import type { ServiceDefinition } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { MoneyPlusCallbackConfig } from './config';
import { DeliveryEngine } from './delivery/delivery-engine';
import { DESCRIPTION } from './service';
import { createUpkeep } from './upkeep';
import { OPENAPI } from './openapi/document';

/** What makes money-plus-callback more than the parts that every service has. */
export const MONEY_PLUS_CALLBACK: ServiceDefinition<MoneyPlusCallbackConfig> = {
  description: DESCRIPTION,
  config: MoneyPlusCallbackConfig,
  module: (parts, config) => AppModule.of(parts, config),
  workers: (app, parts, config) => [app.get(DeliveryEngine), ...createUpkeep(parts, config)],
  openapi: OPENAPI,
};
