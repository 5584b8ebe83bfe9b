import 'reflect-metadata';
import { TOPICS } from '@kyc-relay/contracts';
import { kycPurges } from '@kyc-relay/kyc';
import { purgeJob, type ServiceDefinition } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { KycStatusPublisherConfig } from './config';
import { RETCODE_ENVELOPES } from './inbound/retcode';
import { exportPendingCases } from './outbound/pending-cases.metric';
import { OPENAPI } from './openapi/document';

/** What makes kyc-status-publisher more than the parts that every service has. */
export const KYC_STATUS_PUBLISHER: ServiceDefinition<KycStatusPublisherConfig> = {
  description: {
    name: 'kyc-status-publisher',
    schema: 'kyc',
    plansByKeys: true,
    // Each change is on its way to a business that waits for it.
    relayRoundMs: 2,
    topics: [TOPICS.kycCaseEvents, TOPICS.accountEvents],
    registrySections: ['businesses'],
  },
  config: KycStatusPublisherConfig,
  module: (parts, config) => {
    exportPendingCases(parts.metrics, parts.database, config.pendingLimitHours);
    return AppModule.of(parts);
  },
  // For the whole context: ekyc-phone-change-consumer's share of it too.
  workers: (_app, parts, config) => [purgeJob(parts, kycPurges(config))],
  envelopes: RETCODE_ENVELOPES,
  openapi: OPENAPI,
};
