import {
  KYC_USER_EVENTS,
  newEventId,
  seededRandom,
  validateDto,
  type InfoField,
  type Level,
} from '@kyc-relay/contracts';
import {
  account,
  approve,
  BUSINESSES,
  changeInfo,
  changePhone,
  photo,
  play,
  reject,
  remove,
  submit,
  subscribe,
  unsubscribe,
  type Played,
  type Step,
} from './scenario';
import { publishedValue } from './user-event';

/** Any step, with few names so that steps meet, and the pending case often hit. */
function anyStep(random: () => number, pendingCaseId: string | undefined): Step {
  const pick = <T>(...items: T[]): T => items[Math.floor(random() * items.length)] as T;
  const caseId = (): string =>
    pendingCaseId !== undefined && random() < 0.7 ? pendingCaseId : `c${Math.floor(random() * 60)}`;
  const value = (): string => pick('a', 'b', 'c123456789');
  const info = (): Partial<Record<InfoField, string>> => ({
    [pick<InfoField>('name', 'phone', 'ic_number', 'ic_type', 'address')]: value(),
  });
  const level = (): Level => pick<Level>(100, 200, 300, 300);
  return pick<() => Step>(
    () => submit(caseId(), level(), random() < 0.7 ? info() : undefined),
    () => submit(caseId(), level(), random() < 0.7 ? info() : undefined),
    () => approve(caseId(), pick('AUTO', 'OPS')),
    () => approve(caseId(), pick('AUTO', 'OPS')),
    () => reject(caseId(), pick('AUTO', 'OPS'), { reason_keys: pick([], ['k']), retry: pick(true, false) }),
    () => photo(caseId()),
    () => (random() < 0.3 ? remove({ other_reason: 'x' }) : changePhone(value())),
    () => changeInfo(pick('APPROVED', 'PENDING'), info(), pick(undefined, caseId())),
    () => changePhone(value()),
    () => account(pick('account.activated', 'account.banned', 'account.unbanned')),
    () => subscribe(pick('MONEY_PLUS', 'LENDING', 'GONE'), pick(undefined, ['KYC_INFO_CHANGED'] as const)),
    () => unsubscribe(pick('MONEY_PLUS', 'LENDING'), pick(undefined, ['KYC_STATUS_CHANGED'] as const)),
  )();
}

describe.each([1, 2, 3, 4, 5, 6, 7, 8])('any order of events, seed %d', (seed) => {
  const random = seededRandom(seed);
  const published: { type: string; value: object }[] = [];
  const kinds = new Set<string>();
  let user: Played | undefined;

  beforeAll(() => {
    for (let step = 0; step < 600; step += 1) {
      const before = user?.record;
      // play() goes on from the very record when nothing is applied, and fails when one is changed in place.
      user = play([anyStep(random, before?.pending?.caseId)], user);
      const decision = user.decisions[0]!;
      kinds.add(
        decision.kind === 'APPLIED'
          ? decision.kind
          : decision.kind === 'REFUSED'
            ? decision.code
            : decision.reason,
      );
      if (decision.kind === 'APPLIED') published.push(...decision.events);
      else if (before !== undefined && user.record !== before)
        throw new Error('the record changed without a decision');
    }
  });

  it('meets refused, ignored and applied events', () => {
    expect(kinds.size).toBeGreaterThan(8);
  });

  it('counts versions from 1 without gaps, subscriptions and registrations not counted', () => {
    const versions = published.flatMap(({ value }) => ('version' in value ? [value.version] : []));
    expect(versions).toEqual(versions.map((_, index) => index + 1));
    expect(user?.record.version).toBe(versions.length);
    expect(versions.length).toBeGreaterThan(50);
  });

  it('publishes only what fits the contract', () => {
    for (const event of published) {
      const dto = KYC_USER_EVENTS.types.get(event.type)!;
      expect(validateDto(dto, publishedValue(event as never, newEventId()))).toMatchObject({ ok: true });
    }
  });

  it('publishes no identity number in clear', () => {
    for (const { value } of published) {
      if ('changes' in value)
        expect((value.changes as { ic_number?: string }).ic_number ?? '*').toMatch(/^\*/);
    }
  });

  it('requests one registration for each time that an eKYC is first', () => {
    let expected = 0;
    let standing = false;
    for (const { type, value } of published) {
      const { spay_kyc_client_status: status, spay_kyc_level: level } = value as Record<string, unknown>;
      if (type !== 'kyc.status-changed') continue;
      if (status === 5) standing = false;
      if (status === 3 && level === 300 && !standing) {
        expected += 1;
        standing = true;
      }
    }
    expect(published.filter(({ type }) => type === 'kyc.seamless-individual-requested')).toHaveLength(
      expected,
    );
  });

  it('lists a business as met exactly when the standing approval reaches its level', () => {
    let approved = 0;
    for (const { type, value } of published) {
      if (type !== 'kyc.status-changed') continue;
      const told = value as {
        spay_kyc_client_status: number;
        spay_kyc_level: number;
        subscriptions: { biz_id: string; is_meet_business: boolean }[];
      };
      if (told.spay_kyc_client_status === 3) approved = told.spay_kyc_level;
      if (told.spay_kyc_client_status === 5) approved = 0;
      for (const { biz_id, is_meet_business } of told.subscriptions) {
        const required = BUSINESSES.find(({ bizId }) => bizId === biz_id)?.requiredLevel ?? 300;
        expect(is_meet_business).toBe(approved >= required);
      }
    }
  });
});
