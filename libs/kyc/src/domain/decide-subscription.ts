import type { SubscriptionAction, SubscriptionEvent } from '@kyc-relay/contracts';
import { SUBSCRIPTION_EVENTS } from '@kyc-relay/contracts';
import { apply, ignore, IGNORED_REASONS, type Cause, type Decision } from './decision';
import { currentState, type CurrentState } from './current-state';
import type { BusinessRule, KycRecord } from './kyc-record';
import type { UserEvent } from './user-event';

/** What a business asks for, its form and signature checked. */
export interface SubscriptionRequest {
  readonly action: SubscriptionAction;
  readonly bizId: string;
  /** Absent: all. */
  readonly events?: readonly SubscriptionEvent[] | undefined;
  /** Id of the request, where it has one; kept in the history. */
  readonly requestId?: string | undefined;
}

/** The `data` of the answer to a subscription request (kyc-to-money-plus.md, Subscription). */
export interface SubscriptionAnswer {
  biz_id: string;
  shopee_uid: string;
  subscribed: boolean;
  events: SubscriptionEvent[];
  /** On SUBSCRIBE: the state that later callbacks start from. */
  current?: CurrentState;
}

/**
 * Decides what a subscription is from now on: SUBSCRIBE sets the list, UNSUBSCRIBE takes away from it. The same again
 * changes nothing.
 *
 * @param record the user until now
 * @param request what the business asks for
 * @param context the time of processing
 */
export function decideSubscription(
  record: KycRecord,
  request: SubscriptionRequest,
  context: { now: Date },
): Decision {
  const { action, bizId } = request;
  const cause: Cause = {
    at: context.now,
    ceId: request.requestId ?? null,
    type: 'kyc.subscription-changed',
    by: bizId,
  };
  const asked = request.events ?? SUBSCRIPTION_EVENTS;
  const current = record.subscriptions.get(bizId) ?? [];
  // Filtering the whole list gives one order and no repetition, whatever was asked.
  const events = SUBSCRIPTION_EVENTS.filter((event) =>
    action === 'SUBSCRIBE' ? asked.includes(event) : current.includes(event) && !asked.includes(event),
  );
  if (events.length === current.length && events.every((event) => current.includes(event))) {
    return ignore(IGNORED_REASONS.subscriptionUnchanged, cause);
  }

  const subscriptions = new Map(record.subscriptions);
  if (events.length === 0) subscriptions.delete(bizId);
  else subscriptions.set(bizId, events);
  const event: UserEvent = {
    type: 'kyc.subscription-changed',
    value: {
      biz_id: bizId,
      shopee_uid: record.shopeeUid,
      action,
      subscribed: events.length > 0,
      events,
      changed_at: context.now.toISOString(),
    },
  };
  return apply(record, { ...record, subscriptions }, [event], cause);
}

/**
 * The answer to a subscription request.
 *
 * @param record the user after the request
 * @param business who asked
 * @param action what was asked
 */
export function subscriptionAnswer(
  record: KycRecord,
  business: BusinessRule,
  action: SubscriptionAction,
): SubscriptionAnswer {
  const events = [...(record.subscriptions.get(business.bizId) ?? [])];
  return {
    biz_id: business.bizId,
    shopee_uid: record.shopeeUid,
    subscribed: events.length > 0,
    events,
    ...(action === 'SUBSCRIBE' ? { current: currentState(record, business) } : {}),
  };
}
