import { createHash } from 'node:crypto';
import { Module, type DynamicModule } from '@nestjs/common';
import { TOKEN_SOURCE, type Role } from '@kyc-relay/access';
import { CancelTasks } from '../handlers/cancel-tasks';
import { RedriveTasks } from '../handlers/redrive-tasks';
import { ViewTasks } from '../handlers/view-tasks';
import { CallbackTasksController } from '../inbound/callback-tasks.controller';
import type { DeliveryBed } from './delivery-bed';

/** The operators' API over the parts of a bed, with a token `<role>-token` for each role. */
@Module({})
export class OperatorApiModule {
  static of(bed: DeliveryBed): DynamicModule {
    const roles: Role[] = ['viewer', 'operator', 'publisher'];
    const tokens = roles.map((role) => ({
      name: role,
      role,
      sha256: createHash('sha256').update(`${role}-token`).digest('hex'),
    }));
    return {
      module: OperatorApiModule,
      controllers: [CallbackTasksController],
      providers: [
        { provide: TOKEN_SOURCE, useValue: { tokens: () => tokens } },
        { provide: ViewTasks, useValue: bed.view },
        { provide: RedriveTasks, useValue: bed.redrives },
        { provide: CancelTasks, useValue: bed.cancels },
      ],
    };
  }
}
