import type { ServiceDescription } from '@kyc-relay/service';

/** What the service says of itself. */
export const DESCRIPTION: ServiceDescription = {
  name: 'risk-case-sync',
  schema: 'risk',
  topics: [],
  registrySections: ['acquirers', 'risk_clients'],
};
