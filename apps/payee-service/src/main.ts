import 'reflect-metadata';
import { TOPICS } from '@kyc-relay/contracts';
import { runService } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { environment, PayeeServiceConfig } from './config';
import { RET_ENVELOPES } from './inbound/ret-code';
import { exportWaitingPayees } from './outbound/waiting-payees.metric';

void runService(
  {
    description: {
      name: 'payee-service',
      schema: 'payee',
      topics: [TOPICS.reviewDecided],
      registrySections: ['merchants', 'institutions'],
    },
    config: PayeeServiceConfig,
    module: (parts, config) => {
      exportWaitingPayees(parts.metrics, parts.database, config.pendingLimitHours);
      return AppModule.of(parts);
    },
    envelopes: RET_ENVELOPES,
  },
  environment(),
);
