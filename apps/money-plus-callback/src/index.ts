export { MONEY_PLUS_CALLBACK } from './definition';
export { moneyPlusMigrations } from './migrations';
export { moneyPlusPurges } from './outbound/retention';
