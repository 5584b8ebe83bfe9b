export { REVIEW_NOTIFY_INGEST } from './definition';
export { readNotification } from './inbound/read-notification';
export { reviewMigrations } from './migrations';
export { reviewPurges } from './outbound/retention';
