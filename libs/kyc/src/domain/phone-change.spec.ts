import {
  approve,
  approvedAt,
  changeInfo,
  changePhone,
  INFO,
  lastDecision,
  lastEvents,
  lastInfoChange,
  lastOutcome,
  NOW,
  play,
  remove,
  submit,
  subscribe,
  UID,
  UNIX_SECONDS,
  type Step,
} from './scenario';

const NEW_PHONE = '+60198765432';

describe('a phone change of the account', () => {
  it.each<[string, Step[]]>([
    ['none', []],
    ['none, an eKYC pending', [submit('c', 300, INFO)]],
    ['partial', approvedAt(100)],
    ['full', approvedAt(200)],
    ['full, an eKYC pending', [...approvedAt(200), submit('c', 300, INFO)]],
    ['deleted', [...approvedAt(300), remove()]],
  ])('leaves the KYC phone alone without an approved eKYC, says why and calls nobody: %s', (_, given) => {
    const steps = [subscribe(), ...given];
    expect(lastOutcome([...steps, changePhone(NEW_PHONE)])).toBe('kyc.not-ekyc');
    expect(play([...steps, changePhone(NEW_PHONE)]).record).toEqual(play(steps).record);
    expect(lastDecision([...steps, changePhone(NEW_PHONE)]).history).toEqual({
      at: NOW,
      ceId: 'e-1',
      type: 'account.phone-changed',
      decision: 'IGNORED',
      reason: 'kyc.not-ekyc',
      by: 'user',
      changes: [],
    });
  });

  it('is followed by the KYC phone at an approved eKYC, with history and an info change', () => {
    const steps = [subscribe(), ...approvedAt(300), changePhone(NEW_PHONE)];
    expect(play(steps).record.approved?.info).toEqual({ ...INFO, phone: NEW_PHONE });
    expect(lastInfoChange(steps)).toEqual({
      shopee_uid: UID,
      version: 3,
      target: 'APPROVED',
      change_time: UNIX_SECONDS,
      changes: { phone: NEW_PHONE },
      subscriptions: [{ biz_id: 'MONEY_PLUS' }],
    });
    expect(lastDecision(steps).history).toMatchObject({
      at: NOW,
      by: 'user',
      changes: [{ field: 'phone', from: '********6789', to: '********5432' }],
    });
  });

  it('asks for no second registration', () => {
    const events = lastEvents([...approvedAt(300), changePhone(NEW_PHONE)]);
    expect(events.map((event) => event.type)).toEqual(['kyc.info-changed']);
  });

  it('concerns nobody when nobody is subscribed', () => {
    expect(lastInfoChange([...approvedAt(300), changePhone(NEW_PHONE)]).subscriptions).toEqual([]);
  });

  it.each<[string, Step[]]>([
    ['the KYC phone', [...approvedAt(300), changePhone(INFO.phone)]],
    ['what an earlier change made it', [...approvedAt(300), changePhone(NEW_PHONE), changePhone(NEW_PHONE)]],
    [
      'what an info change made it',
      [...approvedAt(300), changeInfo('APPROVED', { phone: NEW_PHONE }), changePhone(NEW_PHONE)],
    ],
  ])('to the same phone changes nothing: %s', (_, steps) => {
    expect(lastOutcome(steps)).toBe('kyc.same-phone');
  });

  it('sets a phone that was not known', () => {
    expect(lastInfoChange([submit('c', 300), approve('c'), changePhone(NEW_PHONE)]).changes).toEqual({
      phone: NEW_PHONE,
    });
  });
});
