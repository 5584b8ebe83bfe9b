export { reviewMigrations } from './migrations';
