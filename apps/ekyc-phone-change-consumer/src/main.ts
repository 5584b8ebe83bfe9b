import 'reflect-metadata';
import { TOPICS } from '@kyc-relay/contracts';
import { runService } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { EkycPhoneChangeConsumerConfig, environment } from './config';

void runService(
  {
    description: {
      name: 'ekyc-phone-change-consumer',
      schema: 'kyc',
      topics: [TOPICS.accountEvents],
      registrySections: [],
    },
    config: EkycPhoneChangeConsumerConfig,
    module: (parts) => AppModule.of(parts),
  },
  environment(),
);
