export { REVIEW_NOTIFY_INGEST } from './definition';
export { KybNotificationBody } from './inbound/notification.dto';
export { readNotification } from './inbound/read-notification';
export { reviewMigrations } from './migrations';
export { reviewPurges } from './outbound/retention';
