import { createOpenApi } from '@kyc-relay/http';
import { OPERATOR_PATHS } from './operator-paths';
import { PARTNER_PATHS } from './partner-paths';

/** What `/openapi.json` answers. */
export const OPENAPI = createOpenApi({
  title: 'payee-service',
  description:
    'Partners register, look up, change and delete payees; reviews and operators decide their state.',
  paths: { ...PARTNER_PATHS, ...OPERATOR_PATHS },
});
