import { createOpenApi } from '@kyc-relay/http';
import { BUSINESS_PATHS } from './business-paths';
import { EVENTS_PATHS } from './events-paths';
import { USER_PATHS } from './user-paths';

/** What `/openapi.json` answers. */
export const OPENAPI = createOpenApi({
  title: 'kyc-status-publisher',
  description:
    'Takes KYC and account events, keeps each user’s record, and tells businesses what they subscribed to or ask for.',
  paths: { ...EVENTS_PATHS, ...BUSINESS_PATHS, ...USER_PATHS },
});
