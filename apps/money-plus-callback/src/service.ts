import { TOPICS } from '@kyc-relay/contracts';
import type { ServiceDescription } from '@kyc-relay/service';

/** What the service says of itself. */
export const DESCRIPTION: ServiceDescription = {
  name: 'money-plus-callback',
  schema: 'money_plus',
  plansByKeys: true,
  topics: [TOPICS.kycUserEvents],
  registrySections: ['businesses'],
};
