import 'reflect-metadata';
import type { ServiceDefinition } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { ReviewNotifyIngestConfig } from './config';
import { NOTIFY_ENVELOPES } from './inbound/answers';
import { OPENAPI } from './openapi/document';
import { BODY_LIMITS, DESCRIPTION } from './service';
import { createUpkeep } from './upkeep';

/** What makes review-notify-ingest more than the parts that every service has. */
export const REVIEW_NOTIFY_INGEST: ServiceDefinition<ReviewNotifyIngestConfig> = {
  description: DESCRIPTION,
  config: ReviewNotifyIngestConfig,
  module: (parts, config) => AppModule.of(parts, config),
  workers: (_app, parts, config) => createUpkeep(parts, config),
  envelopes: NOTIFY_ENVELOPES,
  limits: BODY_LIMITS,
  openapi: OPENAPI,
};
