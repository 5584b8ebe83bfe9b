import { planInfoTasks, planStatusTasks } from './plan-tasks';

const status = {
  event_id: '0190d7a0-1234-7abc-8def-000000000001',
  shopee_uid: 'u1',
  version: 4,
  spay_kyc_client_status: 2,
  spay_kyc_level: 300,
  spay_reject_reason: '',
  spay_reject_reason_key: '',
  spay_delete_reason: '',
  spay_delete_reason_key: '',
  change_status_time: 1,
};
const info = { event_id: status.event_id, shopee_uid: 'u1', version: 5, change_time: 1 };

describe('planStatusTasks', () => {
  it('plans one callback a subscription, each with its own answer to is_meet_business', () => {
    const tasks = planStatusTasks({
      ...status,
      subscriptions: [
        { biz_id: 'A', is_meet_business: true },
        { biz_id: 'B', is_meet_business: false },
      ],
    });
    expect(tasks.map(({ bizId, kind, version, eventId }) => [bizId, kind, version, eventId])).toEqual([
      ['A', 'STATUS', 4, status.event_id],
      ['B', 'STATUS', 4, status.event_id],
    ]);
    expect(
      tasks.map(({ body }) => (JSON.parse(body) as { is_meet_business: boolean }).is_meet_business),
    ).toEqual([true, false]);
  });

  it('plans none for a user whom nobody subscribed to', () => {
    expect(planStatusTasks({ ...status, subscriptions: [] })).toEqual([]);
  });
});

describe('planInfoTasks', () => {
  it('plans one callback a subscription', () => {
    const tasks = planInfoTasks({
      ...info,
      changes: { phone: '1' },
      subscriptions: [{ biz_id: 'A' }, { biz_id: 'B' }],
    });
    expect(tasks.map(({ bizId, kind }) => [bizId, kind])).toEqual([
      ['A', 'INFO'],
      ['B', 'INFO'],
    ]);
  });

  it('plans none where only the identity document changed', () => {
    const changes = { ic_type: 'x', ic_number: '****' };
    expect(planInfoTasks({ ...info, changes, subscriptions: [{ biz_id: 'A' }] })).toEqual([]);
  });
});
