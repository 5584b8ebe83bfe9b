import { TOPICS } from '@kyc-relay/contracts';
import type { BodyLimit } from '@kyc-relay/http';
import type { ServiceDescription } from '@kyc-relay/service';
import { NOTIFY_PATH } from './inbound/answers';

/** What the service says of itself. */
export const DESCRIPTION: ServiceDescription = {
  name: 'review-notify-ingest',
  schema: 'review',
  topics: [TOPICS.payeeChanged],
  registrySections: ['institutions'],
};

/** A notification holds a handful of short texts (review-notify.md, Answer and duplicates). */
export const BODY_LIMITS: readonly BodyLimit[] = [{ path: NOTIFY_PATH, bytes: 65_536 }];
