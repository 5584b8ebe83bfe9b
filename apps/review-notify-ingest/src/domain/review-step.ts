import type { ReviewState } from './decide-step';
import type { Notification } from './notification';

/** A step that was decided, on its way into the store. */
export interface ReviewStep {
  eventId: string;
  notification: Notification;
  /** The review as this step leaves it. */
  state: ReviewState;
  /** The bytes as they came, with the identity numbers. */
  body: Buffer;
  /** Whether the payee was deleted before: then nothing personal is kept of what comes later. */
  isErased: boolean;
}
