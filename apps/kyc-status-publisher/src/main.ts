import 'reflect-metadata';
import { TOPICS } from '@kyc-relay/contracts';
import { runService } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { environment, KycStatusPublisherConfig } from './config';
import { RETCODE_ENVELOPES } from './inbound/retcode';

void runService(
  {
    description: {
      name: 'kyc-status-publisher',
      schema: 'kyc',
      topics: [TOPICS.kycCaseEvents, TOPICS.accountEvents],
      registrySections: ['businesses'],
    },
    config: KycStatusPublisherConfig,
    module: (parts) => AppModule.of(parts),
    envelopes: RETCODE_ENVELOPES,
  },
  environment(),
);
