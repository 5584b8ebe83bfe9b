import { readSettings } from './settings';

test('reads what the environment says', () => {
  expect(
    readSettings({
      HOST: '0.0.0.0',
      PORT: '4700',
      MONEY_PLUS_PORT: '4701',
      MONEY_PLUS_SECRETS: 'first, second',
      MONEY_PLUS_QUICK: '1',
      MONEY_PLUS_LOG: 'received.jsonl',
      KAFKA_BROKERS: 'localhost:9092,localhost:9093',
      KYC_EVENTS_URL: 'http://localhost:3000',
      PUBLISHER_TOKEN: 'token',
      ACQUIRER_ACCESSID: 'relay',
      ACQUIRER_KEYS: 'new,old',
      REVIEW_NOTIFY_URL: 'http://localhost:3001/v1/notify/reviews',
      REVIEW_INSTITUTION_ID: '7',
      REVIEW_SALT: 'salt',
      REVIEW_TIME_SCALE: '0.5',
    }),
  ).toEqual({
    ok: true,
    settings: {
      host: '0.0.0.0',
      port: 4700,
      money_plus_port: 4701,
      secrets: ['first', 'second'],
      quick: true,
      log_file: 'received.jsonl',
      brokers: ['localhost:9092', 'localhost:9093'],
      events_url: 'http://localhost:3000',
      events_token: 'token',
      acquirer: { accessid: 'relay', access_keys: ['new', 'old'] },
      review_partner: {
        url: 'http://localhost:3001/v1/notify/reviews',
        institution_id: '7',
        salt: 'salt',
        time_scale: 0.5,
      },
    },
  });
});

test('needs the secrets alone', () => {
  expect(readSettings({ MONEY_PLUS_SECRETS: 'only' })).toEqual({
    ok: true,
    settings: {
      host: '127.0.0.1',
      port: 0,
      secrets: ['only'],
      quick: false,
      brokers: [],
      acquirer: { accessid: 'simulated-acquirer', access_keys: ['0123456789abcdef0123456789abcdef'] },
      review_partner: { institution_id: '2022070222130610237', salt: 'simulated-salt', time_scale: 0.001 },
    },
  });
});

test.each([
  ['MONEY_PLUS_SECRETS', ' , '],
  ['PORT', '65536'],
  ['PORT', 'http'],
  ['MONEY_PLUS_PORT', '-1'],
  ['MONEY_PLUS_QUICK', 'yes'],
  ['KYC_EVENTS_URL', 'nowhere'],
  ['REVIEW_NOTIFY_URL', 'nowhere'],
  ['REVIEW_TIME_SCALE', 'slow'],
])('names %s when it is %j, without repeating it', (name, value) => {
  const read = readSettings({ MONEY_PLUS_SECRETS: 'only', [name]: value });
  const problems = read.ok ? [] : read.problems;
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`^${name} must`));
});
