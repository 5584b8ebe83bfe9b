import { Module, type DynamicModule } from '@nestjs/common';
import { TOKEN_SOURCE } from '@kyc-relay/access';
import { RegistryFile } from '@kyc-relay/config';
import { OperationsController } from '@kyc-relay/http';
import { UserRepository } from '@kyc-relay/kyc';
import { SerialProducer } from '@kyc-relay/messaging';
import { Outbox } from '@kyc-relay/outbox';
import { Database } from '@kyc-relay/persistence';
import type { ServiceParts } from '@kyc-relay/service';
import { Health, Metrics } from '@kyc-relay/telemetry';
import { AccountEventsHandler } from './handlers/account-events.handler';
import { CaseEventsHandler } from './handlers/case-events.handler';
import { EventIntake } from './handlers/event-intake';
import { QueryHandler } from './handlers/query.handler';
import { SubscriptionHandler } from './handlers/subscription.handler';
import { BusinessCallsController } from './inbound/business-calls.controller';
import { BusinessRequests } from './inbound/business-request';
import { EventsController } from './inbound/events.controller';
import { KycEventsConsumer } from './inbound/kyc-events.consumer';
import { UsersController } from './inbound/users.controller';

/** All wiring of kyc-status-publisher. */
@Module({})
export class AppModule {
  static of(parts: ServiceParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        KycEventsConsumer,
        EventsController,
        BusinessCallsController,
        UsersController,
        OperationsController,
      ],
      providers: [
        { provide: Database, useValue: parts.database },
        { provide: Outbox, useValue: parts.outbox },
        { provide: SerialProducer, useValue: parts.producer },
        { provide: RegistryFile, useValue: parts.registry },
        { provide: TOKEN_SOURCE, useValue: parts.registry },
        { provide: Health, useValue: parts.health },
        { provide: Metrics, useValue: parts.metrics },
        { provide: UserRepository, useValue: new UserRepository(parts.keyRing) },
        AccountEventsHandler,
        CaseEventsHandler,
        EventIntake,
        QueryHandler,
        SubscriptionHandler,
        BusinessRequests,
      ],
    };
  }
}
