import { PartnerServiceConfig } from '@kyc-relay/config';

/** The settings of ekyc-phone-change-consumer: those that every service has. */
export class EkycPhoneChangeConsumerConfig extends PartnerServiceConfig {}

/** The environment of the process; no other file reads it. */
export function environment(): NodeJS.ProcessEnv {
  return process.env;
}
