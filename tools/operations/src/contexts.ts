import { kycMigrations } from '@kyc-relay/kyc';
import { moneyPlusMigrations } from '@kyc-relay/money-plus-callback';
import { payeeMigrations } from '@kyc-relay/payee-service';
import type { DataSourceSettings } from '@kyc-relay/persistence';
import { reviewMigrations } from '@kyc-relay/review-notify-ingest';
import { riskMigrations } from '@kyc-relay/risk-case-sync';
import { SEALED_RECORDS, sealedByTransport, type SealedColumn } from './sealed-columns';

/** A bounded context: its schema, its migrations, and the services that consume in it. */
export interface Context {
  schema: string;
  migrations: NonNullable<DataSourceSettings['migrations']>;
  services: string[];
  /** Where it keeps sealed values. */
  sealed: readonly SealedColumn[];
}

const OWNERS: readonly Omit<Context, 'sealed'>[] = [
  {
    schema: 'kyc',
    migrations: kycMigrations,
    services: ['kyc-status-publisher', 'ekyc-phone-change-consumer'],
  },
  { schema: 'money_plus', migrations: moneyPlusMigrations, services: ['money-plus-callback'] },
  { schema: 'payee', migrations: payeeMigrations, services: ['payee-service'] },
  { schema: 'review', migrations: reviewMigrations, services: ['review-notify-ingest'] },
  { schema: 'risk', migrations: riskMigrations, services: ['risk-case-sync'] },
];

/** All contexts of the system; each owns one schema and no other touches it. */
export const CONTEXTS: readonly Context[] = OWNERS.map((owner) => ({
  ...owner,
  sealed: [
    ...SEALED_RECORDS.filter(({ table }) => table.startsWith(`${owner.schema}.`)),
    ...sealedByTransport(owner.schema),
  ],
}));
