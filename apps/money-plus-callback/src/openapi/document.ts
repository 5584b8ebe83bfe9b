import { createOpenApi } from '@kyc-relay/http';
import { ACTION_PATHS } from './action-paths';
import { TASK_PATHS } from './task-paths';

/** What `/openapi.json` answers. */
export const OPENAPI = createOpenApi({
  title: 'money-plus-callback',
  description:
    'Calls businesses back, once per change and in each user’s order, and lets operators see and mend it.',
  paths: { ...TASK_PATHS, ...ACTION_PATHS },
});
