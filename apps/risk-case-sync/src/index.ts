export { RISK_CASE_SYNC } from './definition';
export { riskMigrations } from './migrations';
