import 'reflect-metadata';
import { TOPICS } from '@kyc-relay/contracts';
import type { ServiceDefinition } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { EkycPhoneChangeConsumerConfig } from './config';
import { OPENAPI } from './openapi/document';

/** What makes ekyc-phone-change-consumer more than the parts that every service has. */
export const EKYC_PHONE_CHANGE_CONSUMER: ServiceDefinition<EkycPhoneChangeConsumerConfig> = {
  description: {
    name: 'ekyc-phone-change-consumer',
    schema: 'kyc',
    plansByKeys: true,
    // Each change is on its way to a business that waits for it.
    relayRoundMs: 2,
    topics: [TOPICS.accountEvents],
    registrySections: [],
  },
  config: EkycPhoneChangeConsumerConfig,
  module: (parts) => AppModule.of(parts),
  openapi: OPENAPI,
};
