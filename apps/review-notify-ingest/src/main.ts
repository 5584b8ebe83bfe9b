import 'reflect-metadata';
import { runService } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { environment, ReviewNotifyIngestConfig } from './config';
import { NOTIFY_ENVELOPES } from './inbound/answers';
import { BODY_LIMITS, DESCRIPTION } from './service';
import { createUpkeep } from './upkeep';

void runService(
  {
    description: DESCRIPTION,
    config: ReviewNotifyIngestConfig,
    module: (parts, config) => AppModule.of(parts, config),
    workers: (_app, parts, config) => createUpkeep(parts, config),
    envelopes: NOTIFY_ENVELOPES,
    limits: BODY_LIMITS,
  },
  environment(),
);
