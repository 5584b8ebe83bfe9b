export { moneyPlusMigrations } from './migrations';
