export { PAYEE_SERVICE } from './definition';
export { payeeMigrations } from './migrations';
