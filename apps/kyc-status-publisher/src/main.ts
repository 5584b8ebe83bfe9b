import 'reflect-metadata';
import { TOPICS } from '@kyc-relay/contracts';
import { runService } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { environment, KycStatusPublisherConfig } from './config';
import { RETCODE_ENVELOPES } from './inbound/retcode';
import { exportPendingCases } from './outbound/pending-cases.metric';

void runService(
  {
    description: {
      name: 'kyc-status-publisher',
      schema: 'kyc',
      topics: [TOPICS.kycCaseEvents, TOPICS.accountEvents],
      registrySections: ['businesses'],
    },
    config: KycStatusPublisherConfig,
    module: (parts, config) => {
      exportPendingCases(parts.metrics, parts.database, config.pendingLimitHours);
      return AppModule.of(parts);
    },
    envelopes: RETCODE_ENVELOPES,
  },
  environment(),
);
