import { CreateKyc1763900000001 } from './0001-create-kyc';
import { IndexKycForPurge1764300000001 } from './0002-index-for-purge';

/** All migrations of the `kyc` schema, in order. */
export const kycMigrations = [CreateKyc1763900000001, IndexKycForPurge1764300000001];
