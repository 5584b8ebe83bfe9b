import { Module, type DynamicModule } from '@nestjs/common';
import { OperationsController } from '@kyc-relay/http';
import { UserRepository } from '@kyc-relay/kyc';
import { Outbox } from '@kyc-relay/outbox';
import type { ServiceParts } from '@kyc-relay/service';
import { Health, Metrics } from '@kyc-relay/telemetry';
import { PhoneChangeHandler } from './handlers/phone-change.handler';
import { PhoneChangeConsumer } from './inbound/phone-change.consumer';

/** All wiring of ekyc-phone-change-consumer. */
@Module({})
export class AppModule {
  static of(parts: ServiceParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [PhoneChangeConsumer, OperationsController],
      providers: [
        { provide: Outbox, useValue: parts.outbox },
        { provide: Health, useValue: parts.health },
        { provide: Metrics, useValue: parts.metrics },
        { provide: UserRepository, useValue: new UserRepository(parts.keyRing) },
        PhoneChangeHandler,
      ],
    };
  }
}
