import { Module, type DynamicModule } from '@nestjs/common';
import { TOKEN_SOURCE } from '@kyc-relay/access';
import { RegistryFile } from '@kyc-relay/config';
import { OperationsController } from '@kyc-relay/http';
import { Outbox } from '@kyc-relay/outbox';
import { Database } from '@kyc-relay/persistence';
import type { ServiceParts } from '@kyc-relay/service';
import { Health, Metrics } from '@kyc-relay/telemetry';
import { ChangeStatusHandler } from './handlers/change-status.handler';
import { DeletePayeeHandler } from './handlers/delete-payee.handler';
import { RegisterPayeeHandler } from './handlers/register-payee.handler';
import { RetrievePayeeHandler } from './handlers/retrieve-payee.handler';
import { ReviewAlarms } from './handlers/review-alarms';
import { ReviewResultsHandler } from './handlers/review-results.handler';
import { UpdatePayeeHandler } from './handlers/update-payee.handler';
import { ViewPayeesHandler } from './handlers/view-payees.handler';
import { AnswerReport } from './inbound/answer-report';
import { OperatorController } from './inbound/operator.controller';
import { PartnerGate } from './inbound/partner-gate';
import { PayeesController } from './inbound/payees.controller';
import { ReviewResultsConsumer } from './inbound/review-results.consumer';
import { NewPayeesRepository } from './outbound/new-payees.repository';
import { PayeeListRepository } from './outbound/payee-list.repository';
import { PayeesRepository } from './outbound/payees.repository';

/** All wiring of payee-service. */
@Module({})
export class AppModule {
  static of(parts: ServiceParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [ReviewResultsConsumer, PayeesController, OperatorController, OperationsController],
      providers: [
        { provide: Database, useValue: parts.database },
        { provide: Outbox, useValue: parts.outbox },
        { provide: RegistryFile, useValue: parts.registry },
        { provide: TOKEN_SOURCE, useValue: parts.registry },
        { provide: Health, useValue: parts.health },
        { provide: Metrics, useValue: parts.metrics },
        { provide: PayeesRepository, useValue: new PayeesRepository(parts.keyRing) },
        {
          provide: NewPayeesRepository,
          useValue: new NewPayeesRepository(parts.database, parts.outbox, parts.keyRing),
        },
        { provide: PayeeListRepository, useValue: new PayeeListRepository(parts.keyRing) },
        { provide: ReviewAlarms, useValue: new ReviewAlarms(parts.metrics, parts.logger) },
        PartnerGate,
        AnswerReport,
        RegisterPayeeHandler,
        RetrievePayeeHandler,
        UpdatePayeeHandler,
        DeletePayeeHandler,
        ChangeStatusHandler,
        ViewPayeesHandler,
        ReviewResultsHandler,
      ],
    };
  }
}
