import { createOpenApi } from '@kyc-relay/http';
import { OPERATOR_PATHS } from './operator-paths';
import { PARTNER_PATHS } from './partner-paths';

/** What `/openapi.json` answers. */
export const OPENAPI = createOpenApi({
  title: 'risk-case-sync',
  description:
    'Keeps a copy of the acquirer’s risk cases, tells what changed, and serves the acquirer’s query on it.',
  paths: { ...PARTNER_PATHS, ...OPERATOR_PATHS },
});
