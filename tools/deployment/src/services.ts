import { EKYC_PHONE_CHANGE_CONSUMER } from '@kyc-relay/ekyc-phone-change-consumer';
import { KYC_STATUS_PUBLISHER } from '@kyc-relay/kyc-status-publisher';
import { MONEY_PLUS_CALLBACK } from '@kyc-relay/money-plus-callback';
import { PAYEE_SERVICE } from '@kyc-relay/payee-service';
import { REVIEW_NOTIFY_INGEST } from '@kyc-relay/review-notify-ingest';
import { RISK_CASE_SYNC } from '@kyc-relay/risk-case-sync';

/** The definitions of all services, as deployed. */
export const SERVICES = [
  EKYC_PHONE_CHANGE_CONSUMER,
  KYC_STATUS_PUBLISHER,
  MONEY_PLUS_CALLBACK,
  PAYEE_SERVICE,
  REVIEW_NOTIFY_INGEST,
  RISK_CASE_SYNC,
] as const;

/** The definition of one service, whichever it is. */
export type DeployedService = (typeof SERVICES)[number];

/** Their names, each with its definition, as `it.each` takes them. */
export const SERVICE_TABLE = SERVICES.map((service): [string, DeployedService] => [
  service.description.name,
  service,
]);
