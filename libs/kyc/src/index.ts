export * from './domain/index';
export { kycMigrations } from './migrations';
export * from './store/index';
