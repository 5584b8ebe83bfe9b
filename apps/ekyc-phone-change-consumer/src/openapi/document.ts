import { createOpenApi } from '@kyc-relay/http';

/** What `/openapi.json` answers: it has no API beside what every service has. */
export const OPENAPI = createOpenApi({
  title: 'ekyc-phone-change-consumer',
  description: 'Lets the KYC phone follow the phone of an account, where the user has an approved eKYC.',
  paths: {},
});
