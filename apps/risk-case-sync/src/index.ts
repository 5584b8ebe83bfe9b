export { RISK_CASE_SYNC } from './definition';
export { riskMigrations } from './migrations';
export { riskPurges } from './outbound/retention';
