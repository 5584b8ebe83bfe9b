import { CreatePayee1763900000003 } from './0001-create-payee';
import { IndexPayeeForPurge1764300000003 } from './0002-index-for-purge';

/** The migrations of the `payee` schema, oldest first. */
export const payeeMigrations = [CreatePayee1763900000003, IndexPayeeForPurge1764300000003];
