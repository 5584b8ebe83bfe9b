export { PAYEE_SERVICE } from './definition';
export { readKeys } from './domain/payee-keys';
export { readRegistration } from './domain/read-registration';
export { payeeMigrations } from './migrations';
export { payeePurges } from './outbound/retention';
