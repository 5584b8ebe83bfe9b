import { CreateReview1763960000001 } from './0001-create-review';

/** All migrations of the `review` schema, in order. */
export const reviewMigrations = [CreateReview1763960000001];
