import { toKafkaMessage, toEnvelope, type RawMessage, type UpstreamEvent } from '@kyc-relay/simulators';
import { awaitState } from '../world/await-state';
import { User, parseBody } from '../world/user';
import { TOPICS, type World } from '../world/world';

interface BadForm {
  what: string;
  bad: (user: User) => RawMessage;
  /** What `dlq-detail` must name. */
  field?: string;
  code?: string;
  service?: string;
}

type Change = (data: Record<string, unknown>) => Record<string, unknown>;

const EVENTS: Record<string, (u: User) => UpstreamEvent> = {
  submitted: (u) => u.submit(300, { name: 'Name' }),
  approved: (u) => u.approve(),
  rejected: (u) => u.reject('OPS', { reason_keys: ['k'], other_reason: 'o' }),
  info: (u) => u.changeApproved({ name: 'N' }),
  photo: (u) => u.reupload(),
  deleted: (u) => u.remove(),
  activated: (u) => ({ ...u.changePhone('1'), type: 'account.activated', data: { shopee_uid: u.uid } }),
  phone: (u) => u.changePhone('+6591234567'),
};

const set =
  (fields: Record<string, unknown>): Change =>
  (data) => ({ ...data, ...fields });
const without =
  (field: string): Change =>
  (data) =>
    Object.fromEntries(Object.entries(data).filter(([name]) => name !== field));

/** An event of a kind with other data. */
function badData(kind: string, field: string, change: Change, service?: string): BadForm {
  return {
    what: `${kind} with a bad ${field}`,
    field,
    ...(service !== undefined && { service }),
    bad: (user) => {
      const event = EVENTS[kind]?.(user);
      if (!event) throw new Error(kind);
      return toKafkaMessage({ ...event, data: change(event.data) });
    },
  };
}

/** A good submission, spoilt as a message. */
function badMessage(
  what: string,
  spoil: (message: RawMessage, user: User) => RawMessage,
  field?: string,
): BadForm {
  return {
    what,
    ...(field !== undefined && { field }),
    bad: (user) => spoil(toKafkaMessage(user.submit(300)), user),
  };
}

const FORMS: BadForm[] = [
  ...['ce_specversion', 'ce_id', 'ce_source', 'ce_time', 'ce_type'].map((name) =>
    badMessage(`without ${name}`, (message) => {
      const { [name]: _, ...headers } = message.headers ?? {};
      return { ...message, headers };
    }),
  ),
  ...(
    [
      ['ce_specversion', '0.3'],
      ['ce_id', ''],
      ['ce_id', 'x'.repeat(257)],
      ['ce_source', 'x'.repeat(257)],
      ['ce_time', 'yesterday'],
      ['ce_time', '2022-13-26T03:34:23Z'],
    ] as const
  ).map(([name, value]) =>
    badMessage(`${name} ${value.slice(0, 30)}`, (m) => ({ ...m, headers: { ...m.headers, [name]: value } })),
  ),
  badMessage('another key', (m, u) => ({ ...m, value: String(m.value).replace(u.uid, `${u.uid}x`) })),
  badMessage('not JSON', (m) => ({ ...m, value: '{"shopee_uid":' })),
  badMessage('an empty value', (m) => ({ ...m, value: '' })),
  badMessage('no value', (m) => ({ ...m, value: null })),
  badMessage('a list', (m) => ({ ...m, value: '[]' })),
  badMessage('null', (m) => ({ ...m, value: 'null' })),
  badMessage('bytes that are no UTF-8', (m) => ({ ...m, value: Buffer.from([0xff, 0xfe, 0x00, 0x80]) })),
  badMessage('a field twice as deep as anything', (m) => ({
    ...m,
    value: '['.repeat(5000) + ']'.repeat(5000),
  })),
  ...[150, '300', null, 300.5].map((level) => badData('submitted', 'level', set({ level }))),
  badData('submitted', 'level', without('level')),
  badData('submitted', 'case_id', without('case_id')),
  badData('submitted', 'case_id', set({ case_id: 'a b' })),
  badData('submitted', 'case_id', set({ case_id: 'x'.repeat(65) })),
  badData('submitted', 'case_id', set({ case_id: 7 })),
  badData('submitted', 'region', set({ region: 5 })),
  badData('submitted', 'surprise', set({ surprise: 1 })),
  badData('submitted', 'info', set({ info: 'text' })),
  badData('submitted', 'info.surprise', set({ info: { surprise: 'x' } })),
  badData('submitted', 'info.name', set({ info: { name: '' } })),
  badData('submitted', 'info.name', set({ info: { name: 'x'.repeat(513) } })),
  badData('submitted', 'info.name', set({ info: { name: 'a\u0000b' } })),
  badData('submitted', 'info.name', set({ info: { name: 'half \ud800' } })),
  badData('approved', 'decided_by', set({ decided_by: 'ROBOT' })),
  badData('approved', 'decided_by', without('decided_by')),
  badData('rejected', 'reason_keys', set({ reason_keys: 'k' })),
  badData('rejected', 'reason_keys', set({ reason_keys: Array(51).fill('k') })),
  badData('rejected', 'reason_keys', set({ reason_keys: ['x'.repeat(129)] })),
  badData('rejected', 'other_reason', set({ other_reason: 'x'.repeat(1025) })),
  badData('rejected', 'other_reason', set({ other_reason: 5 })),
  badData('rejected', 'retry', set({ retry: 'yes' })),
  badData('photo', 'case_id', without('case_id')),
  badData('deleted', 'level', set({ level: 300 })),
  badData('info', 'changes', set({ changes: {} })),
  badData('info', 'changes', without('changes')),
  badData('info', 'changes.level', set({ changes: { level: '300' } })),
  badData('info', 'changes.name', set({ changes: { name: null } })),
  badData('info', 'target', set({ target: 'BOTH' })),
  badData('activated', 'phone', set({ phone: '1' })),
  badData('phone', 'phone', without('phone'), 'ekyc-phone-change-consumer'),
  badData('phone', 'changed_by', without('changed_by'), 'ekyc-phone-change-consumer'),
  badData('phone', 'surprise', set({ surprise: 1 }), 'ekyc-phone-change-consumer'),
  {
    what: 'a type that nobody knows',
    bad: (u) => toKafkaMessage({ ...u.submit(300), type: 'kyc.case.exploded' }),
    code: 'event.unknown-type',
  },
  {
    what: 'a type of the other topic',
    bad: (u) => toKafkaMessage({ ...u.submit(300), type: 'account.activated', data: { shopee_uid: u.uid } }),
    code: 'event.unknown-type',
  },
  {
    what: 'a case event on the account topic',
    bad: (u) => toKafkaMessage({ ...u.submit(300), topic: TOPICS.accountEvents }),
    code: 'event.unknown-type',
  },
  ...['id', 'source', 'type', 'time', 'specversion'].map((name): BadForm => ({
    what: `structured, without ${name}`,
    bad: (u) => {
      const event = u.submit(300);
      const envelope = without(name)(toEnvelope(event));
      return { ...toKafkaMessage(event, 'structured'), value: JSON.stringify(envelope) };
    },
  })),
];

/** What is refused for its form, before any state is looked at; kyc-to-money-plus.md, "Form before state". */
export function describeFormRefusals(world: () => World): void {
  describe('events of a bad form', () => {
    it('each goes to the DLQ as it came, with its code and the field, and the next event of the user is taken', async () => {
      const cases = FORMS.map((form) => {
        const user = new User(world(), world().uid('form'));
        return { ...form, user, raw: form.bad(user) };
      });
      await world().upstream.publishRaw(cases.map(({ raw }) => raw));
      // On each topic the good event stands behind the bad one.
      await world().publish(...cases.map(({ user }) => user.submit(100)));
      const seen = [];
      const expected = [];
      for (const { what, user, raw, field, code, service } of cases) {
        await user.changes(1);
        const [letter] = await user.deadLetters(1, raw.topic);
        const detail = letter?.headers['dlq-detail'] ?? '';
        seen.push({
          what,
          letters: world().topics.of(`${raw.topic}.dlq`, user.uid).length,
          code: letter?.headers['dlq-reason'],
          service: letter?.headers['dlq-service'],
          field: field === undefined || detail.includes(field) ? field : `not named: ${detail}`,
          value: letter?.value,
          keepsHeaders: Object.entries(raw.headers ?? {}).every(
            ([name, value]) => letter?.headers[name] === value,
          ),
          level: parseBody(user.changesSoFar()[0]?.value)['spay_kyc_level'],
        });
        expected.push({
          what,
          letters: 1,
          code: code ?? 'event.invalid',
          service: service ?? 'kyc-status-publisher',
          field,
          value: raw.value?.toString() ?? '',
          keepsHeaders: true,
          level: 100,
        });
      }
      expect(seen).toEqual(expected);
    });

    it('a message without a key goes to the DLQ too', async () => {
      const user = new User(world(), world().uid('keyless'));
      await world().upstream.publishRaw({ ...toKafkaMessage(user.submit(300)), key: null });
      await user.tellUntil(1, user.submit(100));
      const letter = await awaitState('the dead letter without a key', () =>
        world().topics.of(`${TOPICS.caseEvents}.dlq`, null).at(0),
      );
      expect(letter.headers['dlq-reason']).toBe('event.invalid');
    });

    it('what is just within the limits is taken', async () => {
      const user = new User(world(), 'U_'.padEnd(64, '-'));
      await user.tell(
        {
          ...user.submit(300, { name: 'x'.repeat(512) }),
          id: 'i'.repeat(256),
          source: `/${'s'.repeat(255)}`,
          data: { shopee_uid: user.uid, case_id: 'C-'.padEnd(64, '_'), level: 300, region: 'MY' },
        },
        {
          ...user.approve(),
          data: { shopee_uid: user.uid, case_id: 'C-'.padEnd(64, '_'), decided_by: 'AUTO' },
        },
      );
      await user.changes(2);
    });
  });
}
