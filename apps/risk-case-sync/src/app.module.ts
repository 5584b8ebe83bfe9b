import { Module, type DynamicModule } from '@nestjs/common';
import { TOKEN_SOURCE } from '@kyc-relay/access';
import { RegistryFile } from '@kyc-relay/config';
import { OperationsController } from '@kyc-relay/http';
import { Database } from '@kyc-relay/persistence';
import type { ServiceParts } from '@kyc-relay/service';
import { Health, Metrics } from '@kyc-relay/telemetry';

/** All wiring of risk-case-sync. */
@Module({})
export class AppModule {
  static of(parts: ServiceParts): DynamicModule {
    return {
      module: AppModule,
      controllers: [OperationsController],
      providers: [
        { provide: Database, useValue: parts.database },
        { provide: RegistryFile, useValue: parts.registry },
        { provide: TOKEN_SOURCE, useValue: parts.registry },
        { provide: Health, useValue: parts.health },
        { provide: Metrics, useValue: parts.metrics },
      ],
    };
  }
}
