import { SUBSCRIPTION_EVENTS, type SubscriptionEvent } from '@kyc-relay/contracts';
import { subscriptionAnswer } from './decide-subscription';
import {
  approvedAt,
  BUSINESSES,
  lastDecision,
  lastEvents,
  lastOutcome,
  lastStatus,
  NOW,
  play,
  remove,
  submit,
  subscribe,
  UID,
  unsubscribe,
  type Step,
} from './scenario';

const [MONEY_PLUS, LENDING] = [BUSINESSES[0]!, BUSINESSES[1]!];
const ALL = [...SUBSCRIPTION_EVENTS];
const STATUS_ONLY: SubscriptionEvent[] = ['KYC_STATUS_CHANGED'];
const INFO_ONLY: SubscriptionEvent[] = ['KYC_INFO_CHANGED'];

describe('a subscription', () => {
  it.each<[string, Step[], SubscriptionEvent[]]>([
    ['SUBSCRIBE without events: all', [subscribe()], ALL],
    ['SUBSCRIBE to one', [subscribe('MONEY_PLUS', INFO_ONLY)], INFO_ONLY],
    ['SUBSCRIBE sets the list', [subscribe(), subscribe('MONEY_PLUS', STATUS_ONLY)], STATUS_ONLY],
    [
      'SUBSCRIBE sets another',
      [subscribe('MONEY_PLUS', STATUS_ONLY), subscribe('MONEY_PLUS', INFO_ONLY)],
      INFO_ONLY,
    ],
    ['order and repetition do not matter', [subscribe('MONEY_PLUS', [...INFO_ONLY, ...ALL])], ALL],
    ['UNSUBSCRIBE without events: all', [subscribe(), unsubscribe()], []],
    ['UNSUBSCRIBE from one', [subscribe(), unsubscribe('MONEY_PLUS', INFO_ONLY)], STATUS_ONLY],
    [
      'UNSUBSCRIBE from the last one',
      [subscribe('MONEY_PLUS', INFO_ONLY), unsubscribe('MONEY_PLUS', INFO_ONLY)],
      [],
    ],
  ])('%s', (title, steps, events) => {
    expect(lastEvents(steps)).toEqual([
      {
        type: 'kyc.subscription-changed',
        value: {
          biz_id: 'MONEY_PLUS',
          shopee_uid: UID,
          action: title.startsWith('UN') ? 'UNSUBSCRIBE' : 'SUBSCRIBE',
          subscribed: events.length > 0,
          events,
          changed_at: NOW.toISOString(),
        },
      },
    ]);
    expect(play(steps).record.subscriptions.get('MONEY_PLUS') ?? []).toEqual(events);
  });

  it.each<[string, Step[]]>([
    ['the same SUBSCRIBE again', [subscribe(), subscribe()]],
    ['the same list in another order', [subscribe(), subscribe('MONEY_PLUS', [...ALL].reverse())]],
    ['UNSUBSCRIBE without a subscription', [unsubscribe()]],
    ['UNSUBSCRIBE again', [subscribe(), unsubscribe(), unsubscribe()]],
    [
      'UNSUBSCRIBE from what is not subscribed to',
      [subscribe('MONEY_PLUS', STATUS_ONLY), unsubscribe('MONEY_PLUS', INFO_ONLY)],
    ],
  ])('is idempotent: %s', (_, steps) => {
    expect(lastOutcome(steps)).toBe('kyc.subscription-unchanged');
  });

  it('is of one business and counts no version', () => {
    const { record } = play([...approvedAt(300), subscribe(), subscribe('LENDING'), unsubscribe()]);
    expect([...record.subscriptions]).toEqual([['LENDING', ALL]]);
    expect(record.version).toBe(2);
  });

  it('is kept in the history, with the business that asked', () => {
    expect(lastDecision([subscribe(), unsubscribe('MONEY_PLUS', INFO_ONLY)]).history).toEqual({
      at: NOW,
      ceId: null,
      type: 'kyc.subscription-changed',
      decision: 'APPLIED',
      by: 'MONEY_PLUS',
      changes: [
        {
          field: 'subscription.MONEY_PLUS',
          from: 'KYC_STATUS_CHANGED,KYC_INFO_CHANGED',
          to: 'KYC_STATUS_CHANGED',
        },
      ],
    });
  });
});

describe('the businesses of a status change', () => {
  it.each<[string, Step[], unknown]>([
    ['none subscribed', [], []],
    ['info only', [subscribe('MONEY_PLUS', INFO_ONLY)], []],
    [
      'status only',
      [subscribe('MONEY_PLUS', STATUS_ONLY)],
      [{ biz_id: 'MONEY_PLUS', is_meet_business: false }],
    ],
    ['unsubscribed', [subscribe(), unsubscribe()], []],
    [
      'each by the level that it requires',
      [subscribe(), subscribe('LENDING')],
      [
        { biz_id: 'LENDING', is_meet_business: true },
        { biz_id: 'MONEY_PLUS', is_meet_business: false },
      ],
    ],
    [
      'one that left the registry, by the highest level',
      [subscribe('GONE')],
      [{ biz_id: 'GONE', is_meet_business: false }],
    ],
  ])('are those subscribed at that moment: %s', (_, subscriptions, expected) => {
    expect(lastStatus([...subscriptions, ...approvedAt(200)]).subscriptions).toEqual(expected);
  });

  it('include one that left the registry once the highest level is approved', () => {
    const steps = [subscribe('GONE'), ...approvedAt(300)];
    expect(lastStatus(steps).subscriptions).toEqual([{ biz_id: 'GONE', is_meet_business: true }]);
  });
});

describe('the answer', () => {
  it('to SUBSCRIBE has the current state: changes above its version are called back', () => {
    const { record } = play([...approvedAt(200), submit('c', 300), subscribe()]);
    expect(subscriptionAnswer(record, MONEY_PLUS, 'SUBSCRIBE')).toEqual({
      biz_id: 'MONEY_PLUS',
      shopee_uid: UID,
      subscribed: true,
      events: ALL,
      current: {
        version: 3,
        spay_kyc_client_status: 2,
        spay_kyc_level: 300,
        is_meet_business: false,
        has_pending_case: true,
      },
    });
    expect(subscriptionAnswer(record, LENDING, 'SUBSCRIBE').current?.is_meet_business).toBe(true);
  });

  it('about a user of whom nothing is known has nulls and false', () => {
    expect(subscriptionAnswer(play([subscribe()]).record, MONEY_PLUS, 'SUBSCRIBE').current).toEqual({
      version: 0,
      spay_kyc_client_status: null,
      spay_kyc_level: null,
      is_meet_business: false,
      has_pending_case: false,
    });
  });

  it('to UNSUBSCRIBE has no state', () => {
    const { record } = play([...approvedAt(300), remove(), subscribe(), unsubscribe()]);
    expect(subscriptionAnswer(record, MONEY_PLUS, 'UNSUBSCRIBE')).toEqual({
      biz_id: 'MONEY_PLUS',
      shopee_uid: UID,
      subscribed: false,
      events: [],
    });
  });
});
