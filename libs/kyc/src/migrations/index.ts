import { CreateKyc1763900000001 } from './0001-create-kyc';

/** All migrations of the `kyc` schema, in order. */
export const kycMigrations = [CreateKyc1763900000001];
