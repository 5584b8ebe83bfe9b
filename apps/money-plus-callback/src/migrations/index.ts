import { CreateMoneyPlus1763900000002 } from './0001-create-money-plus';

/** The migrations of the `money_plus` schema, oldest first. */
export const moneyPlusMigrations = [CreateMoneyPlus1763900000002];
