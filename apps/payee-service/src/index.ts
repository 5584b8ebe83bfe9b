export { payeeMigrations } from './migrations';
