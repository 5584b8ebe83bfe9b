import 'reflect-metadata';
import { TOPICS } from '@kyc-relay/contracts';
import { runService } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { environment, ReviewNotifyIngestConfig } from './config';
import { NOTIFY_ENVELOPES, NOTIFY_PATH } from './inbound/answers';
import { createUpkeep } from './upkeep';

void runService(
  {
    description: {
      name: 'review-notify-ingest',
      schema: 'review',
      topics: [TOPICS.payeeChanged],
      registrySections: ['institutions'],
    },
    config: ReviewNotifyIngestConfig,
    module: (parts, config) => AppModule.of(parts, config),
    workers: (_app, parts, config) => createUpkeep(parts, config),
    envelopes: NOTIFY_ENVELOPES,
    limits: [{ path: NOTIFY_PATH, bytes: 65_536 }],
  },
  environment(),
);
