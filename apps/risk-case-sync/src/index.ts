export { riskMigrations } from './migrations';
