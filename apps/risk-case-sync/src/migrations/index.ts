import { CreateRisk1763900000005 } from './0001-create-risk';

/** The migrations of the `risk` schema, oldest first. */
export const riskMigrations = [CreateRisk1763900000005];
