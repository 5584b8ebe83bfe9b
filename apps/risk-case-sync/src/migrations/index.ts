import { CreateRisk1763900000005 } from './0001-create-risk';
import { IndexRiskForPurge1764300000005 } from './0002-index-for-purge';

/** The migrations of the `risk` schema, oldest first. */
export const riskMigrations = [CreateRisk1763900000005, IndexRiskForPurge1764300000005];
