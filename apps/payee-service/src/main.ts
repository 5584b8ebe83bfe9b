import 'reflect-metadata';
import { runService } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { environment, PayeeServiceConfig } from './config';
import { RET_ENVELOPES } from './inbound/ret-code';
import { DESCRIPTION } from './service';
import { createUpkeep } from './upkeep';

void runService(
  {
    description: DESCRIPTION,
    config: PayeeServiceConfig,
    module: (parts) => AppModule.of(parts),
    workers: (_app, parts, config) => createUpkeep(parts, config),
    envelopes: RET_ENVELOPES,
  },
  environment(),
);
