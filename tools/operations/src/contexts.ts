import { loadRetention } from '@kyc-relay/config';
import { kycMigrations, kycPurges } from '@kyc-relay/kyc';
import { KYC_STATUS_PUBLISHER } from '@kyc-relay/kyc-status-publisher';
import { MONEY_PLUS_CALLBACK, moneyPlusMigrations, moneyPlusPurges } from '@kyc-relay/money-plus-callback';
import { PAYEE_SERVICE, payeeMigrations, payeePurges } from '@kyc-relay/payee-service';
import type { DataSourceSettings, PurgeRule } from '@kyc-relay/persistence';
import { REVIEW_NOTIFY_INGEST, reviewMigrations, reviewPurges } from '@kyc-relay/review-notify-ingest';
import { RISK_CASE_SYNC, riskMigrations, riskPurges } from '@kyc-relay/risk-case-sync';
import { SEALED_RECORDS, sealedByTransport, type SealedColumn } from './sealed-columns';

/** A bounded context: its schema, its migrations, and the services that consume in it. */
export interface Context {
  schema: string;
  migrations: NonNullable<DataSourceSettings['migrations']>;
  services: string[];
  /** What goes when, by the settings of the service that purges the context. */
  purges: (env: NodeJS.ProcessEnv) => PurgeRule[];
  /** Where it keeps sealed values. */
  sealed: readonly SealedColumn[];
}

const OWNERS: readonly Omit<Context, 'sealed'>[] = [
  {
    schema: 'kyc',
    migrations: kycMigrations,
    services: ['kyc-status-publisher', 'ekyc-phone-change-consumer'],
    purges: (env) => kycPurges(loadRetention(KYC_STATUS_PUBLISHER.config, env)),
  },
  {
    schema: 'money_plus',
    migrations: moneyPlusMigrations,
    services: ['money-plus-callback'],
    purges: (env) => moneyPlusPurges(loadRetention(MONEY_PLUS_CALLBACK.config, env)),
  },
  {
    schema: 'payee',
    migrations: payeeMigrations,
    services: ['payee-service'],
    purges: (env) => payeePurges(loadRetention(PAYEE_SERVICE.config, env)),
  },
  {
    schema: 'review',
    migrations: reviewMigrations,
    services: ['review-notify-ingest'],
    purges: (env) => reviewPurges(loadRetention(REVIEW_NOTIFY_INGEST.config, env)),
  },
  {
    schema: 'risk',
    migrations: riskMigrations,
    services: ['risk-case-sync'],
    purges: (env) => riskPurges(loadRetention(RISK_CASE_SYNC.config, env)),
  },
];

/** All contexts of the system; each owns one schema and no other touches it. */
export const CONTEXTS: readonly Context[] = OWNERS.map((owner) => ({
  ...owner,
  sealed: [
    ...SEALED_RECORDS.filter(({ table }) => table.startsWith(`${owner.schema}.`)),
    ...sealedByTransport(owner.schema),
  ],
}));
