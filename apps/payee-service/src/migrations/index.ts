import { CreatePayee1763900000003 } from './0001-create-payee';

/** The migrations of the `payee` schema, oldest first. */
export const payeeMigrations = [CreatePayee1763900000003];
