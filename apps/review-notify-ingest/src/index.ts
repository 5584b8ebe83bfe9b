export { REVIEW_NOTIFY_INGEST } from './definition';
export { reviewMigrations } from './migrations';
