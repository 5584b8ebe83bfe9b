import { Module, type DynamicModule } from '@nestjs/common';
import { TOKEN_SOURCE } from '@kyc-relay/access';
import { RegistryFile } from '@kyc-relay/config';
import { KeyRing } from '@kyc-relay/crypto';
import { AddressRanges, OperationsController } from '@kyc-relay/http';
import type { ServiceParts } from '@kyc-relay/service';
import { Health, Metrics } from '@kyc-relay/telemetry';
import type { ReviewNotifyIngestConfig } from './config';
import { ErasureHandler } from './handlers/erasure.handler';
import { IntakeHandler } from './handlers/intake.handler';
import { ReviewViewHandler } from './handlers/review-view.handler';
import { AuthenticSenders } from './inbound/authentic-senders';
import { NotifyController } from './inbound/notify.controller';
import { PayeeChangesConsumer } from './inbound/payee-changes.consumer';
import { ReviewsController } from './inbound/reviews.controller';
import { WebhookReport } from './inbound/webhook-report';
import { ReviewViewRepository } from './outbound/review-view.repository';
import { ReviewRepository } from './outbound/review.repository';

/** All wiring of review-notify-ingest. */
@Module({})
export class AppModule {
  static of(parts: ServiceParts, config: ReviewNotifyIngestConfig): DynamicModule {
    return {
      module: AppModule,
      controllers: [NotifyController, ReviewsController, PayeeChangesConsumer, OperationsController],
      providers: [
        { provide: RegistryFile, useValue: parts.registry },
        { provide: TOKEN_SOURCE, useValue: parts.registry },
        { provide: Health, useValue: parts.health },
        { provide: Metrics, useValue: parts.metrics },
        { provide: AddressRanges, useValue: new AddressRanges(config.trustedProxies) },
        { provide: WebhookReport, useValue: new WebhookReport(parts.logger, parts.metrics) },
        { provide: KeyRing, useValue: parts.keyRing },
        { provide: ReviewViewRepository, useValue: new ReviewViewRepository(parts.database) },
        {
          provide: ReviewRepository,
          useValue: new ReviewRepository(parts.database, parts.keyRing, parts.outbox),
        },
        AuthenticSenders,
        IntakeHandler,
        ReviewViewHandler,
        ErasureHandler,
      ],
    };
  }
}
