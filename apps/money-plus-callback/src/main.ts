import 'reflect-metadata';
import { TOPICS } from '@kyc-relay/contracts';
import { runService } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { environment, MoneyPlusCallbackConfig } from './config';
import { BacklogGauges } from './delivery/backlog-gauges';
import { DeliveryEngine } from './delivery/delivery-engine';
import { RetentionJob } from './delivery/retention-job';

void runService(
  {
    description: {
      name: 'money-plus-callback',
      schema: 'money_plus',
      topics: [TOPICS.kycUserEvents],
      registrySections: ['businesses'],
    },
    config: MoneyPlusCallbackConfig,
    module: (parts, config) => AppModule.of(parts, config),
    workers: (app) => [app.get(DeliveryEngine), app.get(BacklogGauges), app.get(RetentionJob)],
  },
  environment(),
);
