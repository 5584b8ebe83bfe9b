import { createOpenApi } from '@kyc-relay/http';
import { OPERATOR_PATHS } from './operator-paths';
import { PARTNER_PATHS } from './partner-paths';

/** What `/openapi.json` answers. */
export const OPENAPI = createOpenApi({
  title: 'review-notify-ingest',
  description:
    'The partner tells of KYB and store reviews; each is taken once and kept with its whole history.',
  paths: { ...PARTNER_PATHS, ...OPERATOR_PATHS },
});
