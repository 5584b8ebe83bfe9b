import 'reflect-metadata';
import { runService } from '@kyc-relay/service';
import { AppModule } from './app.module';
import { environment, RiskCaseSyncConfig } from './config';
import { DESCRIPTION } from './service';

void runService(
  {
    description: DESCRIPTION,
    config: RiskCaseSyncConfig,
    module: (parts, config) => AppModule.of(parts, config),
  },
  environment(),
);
