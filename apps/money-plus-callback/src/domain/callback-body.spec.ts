import { buildInfoBody, buildStatusBody } from './callback-body';

const change = {
  event_id: '0190d7a0-0000-7000-8000-000000000001',
  shopee_uid: 'u1',
  spay_kyc_client_status: 3,
  spay_kyc_level: 300,
  spay_reject_reason: '',
  spay_reject_reason_key: '',
  spay_delete_reason: '',
  spay_delete_reason_key: '',
  change_status_time: 1666755263,
};

describe('buildStatusBody', () => {
  it('writes the addressing fields, then the eight of the source in its order', () => {
    expect(buildStatusBody(change, { biz_id: 'MONEY_PLUS', is_meet_business: true })).toBe(
      '{"event_id":"0190d7a0-0000-7000-8000-000000000001","biz_id":"MONEY_PLUS","shopee_uid":"u1",' +
        '"spay_kyc_client_status":3,"spay_kyc_level":300,"is_meet_business":true,' +
        '"spay_reject_reason":"","spay_reject_reason_key":"","spay_delete_reason":"","spay_delete_reason_key":"",' +
        '"change_status_time":1666755263}',
    );
  });

  it('sends the reason keys as the text they are', () => {
    const rejected = { ...change, spay_reject_reason_key: '["BLURRED"]', spay_reject_reason: 'naïve "x"' };
    expect(JSON.parse(buildStatusBody(rejected, { biz_id: 'B', is_meet_business: false }))).toMatchObject({
      spay_reject_reason_key: '["BLURRED"]',
      spay_reject_reason: 'naïve "x"',
      is_meet_business: false,
    });
  });

  it('leaves out what only we need', () => {
    const withMore = { ...change, version: 7, retry: true, subscriptions: [] };
    const body = buildStatusBody(withMore, { biz_id: 'B', is_meet_business: true });
    expect(Object.keys(JSON.parse(body) as object)).toHaveLength(11);
  });
});

describe('buildInfoBody', () => {
  const info = (changes: object): string | null =>
    buildInfoBody({ event_id: 'e', shopee_uid: 'u1', change_time: 1666755263, changes }, 'MONEY_PLUS');

  // kyc-to-money-plus.md: approved info, what is called back and under which name.
  it.each([
    ['nationality', 'nationality'],
    ['mailing_address', 'mailing_address'],
    ['address', 'address'],
    ['gender', 'gender'],
    ['date_of_birth', 'date_of_birth'],
    ['phone', 'phone'],
    ['industry_code', 'nature_of_business'],
    ['occupation_code', 'occupation'],
    ['name', 'name'],
  ])('sends a change of %s as %s and nothing else', (field, sent) => {
    expect(info({ [field]: 'x' })).toBe(
      `{"event_id":"e","biz_id":"MONEY_PLUS","shopee_uid":"u1","change_time":1666755263,"${sent}":"x"}`,
    );
  });

  it.each(['ic_type', 'ic_number'])('never sends %s', (field) => {
    expect(info({ [field]: 'x' })).toBeNull();
    expect(info({ [field]: 'x', name: 'n' })).not.toContain(field);
  });
});
