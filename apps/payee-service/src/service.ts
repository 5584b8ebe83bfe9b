import { TOPICS } from '@kyc-relay/contracts';
import type { ServiceDescription } from '@kyc-relay/service';

/** What the service says of itself. */
export const DESCRIPTION: ServiceDescription = {
  name: 'payee-service',
  schema: 'payee',
  topics: [TOPICS.reviewDecided],
  registrySections: ['merchants', 'institutions'],
};
