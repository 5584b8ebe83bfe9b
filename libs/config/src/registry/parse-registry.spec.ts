import { parseRegistry } from './parse-registry';
import { type PartnerRegistry, REGISTRY_SECTIONS, type RegistrySection } from './partner-registry.dto';
import { Partners } from './partners';

/** The example of platform.md, "Partner registry". */
const business = {
  biz_id: 'MONEY_PLUS',
  required_level: 300,
  secrets: ['hunter2'],
  status_callback_url: 'http://127.0.0.1:8080/status',
  info_callback_url: 'https://money-plus.example/info?v=1',
  allow_private_addresses: true,
  query_fields: ['name', 'phone', 'ic_number'],
  timestamp_tolerance_seconds: 300,
  legacy_signature_only: false,
  final_retcodes: [],
  delivery: {
    max_attempts: 20,
    base_delay_ms: 1000,
    max_delay_ms: 600000,
    connect_timeout_ms: 3000,
    timeout_ms: 7000,
    max_connections: 32,
  },
};
const merchant = {
  merchantNo: '202333',
  stores: ['301854'],
  tokens: ['hunter2'],
  timestamp_tolerance_seconds: 300,
  timestamp_required: true,
};
const institution = {
  institutionId: '2022070222130610237',
  salts: ['hunter2'],
  source_addresses: ['127.0.0.0/8'],
  merchants: ['202333'],
};
const agent = { firstLevelAgentNum: 'FW1000251', unsigned_push: false, source_addresses: ['127.0.0.0/8'] };
const acquirer = {
  name: 'hkrt',
  query_url: 'http://127.0.0.1:8081/query',
  accessid: 'relay',
  access_keys: ['hunter2'],
  timezone: 'Asia/Shanghai',
  requests_per_second: 10,
  interval_seconds: 60,
  first_window_start: '2023-01-01 00:00:00',
  push_requests_per_second: 0,
  agents: [agent],
};
const client = { accessid: 'client', access_keys: ['hunter2'], agents: ['FW1000251'] };
const token = { name: 'ops', role: 'operator', sha256: 'ab'.repeat(32) };
const example = {
  businesses: [business],
  merchants: [merchant],
  institutions: [institution],
  acquirers: [acquirer],
  risk_clients: [client],
  api_tokens: [token],
};

function parse(content: unknown, sections?: RegistrySection[]): PartnerRegistry {
  const parsed = parseRegistry(JSON.stringify(content), sections);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return parsed.value;
}
function errorsOf(text: string, sections?: RegistrySection[]): string[] {
  const parsed = parseRegistry(text, sections);
  return parsed.ok ? [] : parsed.errors.map(({ field, message }) => `${field} ${message}`);
}

describe('parseRegistry', () => {
  it('reads the example of the specification', () => {
    expect(parse(example)).toMatchObject(example);
  });

  it('fills in what may be left out', () => {
    const registry = parse({
      businesses: [
        {
          biz_id: 'B',
          secrets: ['one', 'two'],
          status_callback_url: 'http://b.example/s',
          info_callback_url: 'http://b.example/i',
          delivery: { max_attempts: 3 },
        },
      ],
      merchants: [{ merchantNo: 'm', stores: ['s'], tokens: ['t'] }],
      institutions: [{ institutionId: 'i', salts: ['s'] }],
      acquirers: [
        {
          name: 'a',
          query_url: 'http://a.example/',
          accessid: 'x',
          access_keys: ['k'],
          agents: [{ firstLevelAgentNum: 'F' }],
        },
      ],
      risk_clients: [{ accessid: 'c', access_keys: ['k'] }],
    });
    expect(registry).toEqual({
      businesses: [
        {
          biz_id: 'B',
          required_level: 300,
          secrets: ['one', 'two'],
          status_callback_url: 'http://b.example/s',
          info_callback_url: 'http://b.example/i',
          allow_private_addresses: false,
          query_fields: [],
          timestamp_tolerance_seconds: 300,
          legacy_signature_only: false,
          final_retcodes: [],
          requests_per_second: 0,
          delivery: { ...business.delivery, max_attempts: 3 },
        },
      ],
      merchants: [
        {
          merchantNo: 'm',
          stores: ['s'],
          tokens: ['t'],
          timestamp_tolerance_seconds: 300,
          timestamp_required: false,
          requests_per_second: 0,
        },
      ],
      institutions: [
        { institutionId: 'i', salts: ['s'], source_addresses: [], merchants: [], requests_per_second: 0 },
      ],
      acquirers: [
        {
          name: 'a',
          query_url: 'http://a.example/',
          accessid: 'x',
          access_keys: ['k'],
          timezone: 'Asia/Shanghai',
          requests_per_second: 10,
          interval_seconds: 60,
          overlap_seconds: 3600,
          final_lookback_days: 30,
          first_window_start: '2000-01-01 00:00:00',
          timeout_ms: 10000,
          base_delay_ms: 500,
          max_delay_ms: 15000,
          push_requests_per_second: 0,
          agents: [{ firstLevelAgentNum: 'F', unsigned_push: false, source_addresses: [] }],
        },
      ],
      risk_clients: [{ accessid: 'c', access_keys: ['k'], agents: [], requests_per_second: 0 }],
      api_tokens: [],
    });
  });

  it('takes an empty registry', () => {
    expect(parse({})).toEqual(Object.fromEntries(REGISTRY_SECTIONS.map((section) => [section, []])));
  });

  it('gives each business a delivery of its own', () => {
    const plain = { ...business, delivery: undefined };
    const [one, two] = parse({ businesses: [plain, { ...plain, biz_id: 'OTHER' }] }).businesses;
    expect(one?.delivery).toEqual(business.delivery);
    expect(one?.delivery).not.toBe(two?.delivery);
  });

  it('does not look at the sections of other services', () => {
    const content = { api_tokens: [token], businesses: 'broken', merchants: [{}] };
    expect(parse(content, ['api_tokens'])).toMatchObject({ api_tokens: [token], businesses: [] });
  });

  it('reads a token hash in upper case', () => {
    const upper = { ...token, sha256: token.sha256.toUpperCase() };
    expect(parse({ api_tokens: [upper] }).api_tokens).toEqual([token]);
  });

  const text = 'must be a text of 1 to 64 characters';
  const secrets = 'must be a list of one or two texts that are not blank, of at most 1024 characters';
  const url = 'must be an http or https URL without user, password and fragment';
  it.each<[string, object, string]>([
    ['businesses', { biz_id: '' }, 'biz_id must be 1 to 64 visible ASCII characters'],
    ['businesses', { biz_id: 'a b' }, 'biz_id must be 1 to 64 visible ASCII characters'],
    ['businesses', { biz_id: undefined }, 'biz_id is missing'],
    ['businesses', { required_level: 250 }, 'required_level must be one of 100, 200, 300'],
    ['businesses', { secrets: [] }, `secrets ${secrets}`],
    ['businesses', { secrets: ['hunter2', 'hunter3', 'hunter4'] }, `secrets ${secrets}`],
    ['businesses', { secrets: ['hunter2', ' '] }, `secrets ${secrets}`],
    ['businesses', { secrets: 'hunter2' }, `secrets ${secrets}`],
    ['businesses', { secrets: undefined }, 'secrets is missing'],
    ['businesses', { status_callback_url: 'ftp://hunter2' }, `status_callback_url ${url}`],
    ['businesses', { status_callback_url: '/hunter2' }, `status_callback_url ${url}`],
    ['businesses', { info_callback_url: 'http://u:hunter2@h/' }, `info_callback_url ${url}`],
    ['businesses', { allow_private_addresses: 'yes' }, 'allow_private_addresses must be true or false'],
    ['businesses', { query_fields: 'name' }, 'query_fields must be an array'],
    [
      'businesses',
      { query_fields: ['name', 'pin'] },
      'query_fields[1] must be one of name, phone, gender, date_of_birth, nationality, address, mailing_address, industry_code, occupation_code, ic_type, ic_number',
    ],
    [
      'businesses',
      { timestamp_tolerance_seconds: 0 },
      'timestamp_tolerance_seconds must be a whole number from 1 to 86400',
    ],
    ['businesses', { final_retcodes: [1, '2'] }, 'final_retcodes[1] must be a whole number'],
    ['businesses', { final_retcodes: null }, 'final_retcodes must be an array'],
    ['businesses', { delivery: [] }, 'delivery must be an object'],
    [
      'businesses',
      { delivery: { max_attempts: 0 } },
      'delivery.max_attempts must be a whole number from 1 to 1000',
    ],
    [
      'businesses',
      { delivery: { timeout_ms: '7000' } },
      'delivery.timeout_ms must be a whole number from 1 to 600000',
    ],
    ['businesses', { delivery: { max_attemps: 3 } }, 'delivery.max_attemps is not a known field'],
    ['businesses', { secret: ['hunter2'] }, 'secret is not a known field'],
    [
      'businesses',
      { requests_per_second: -1 },
      'requests_per_second must be a number from 0 (no limit) to 100000',
    ],
    ['merchants', { merchantNo: 202333 }, `merchantNo ${text}`],
    ['merchants', { stores: [] }, 'stores must be a list of at least one store'],
    ['merchants', { stores: ['301854', 7] }, `stores[1] ${text}`],
    ['merchants', { tokens: [null] }, `tokens ${secrets}`],
    ['institutions', { salts: {} }, `salts ${secrets}`],
    [
      'institutions',
      { source_addresses: ['10.0.0.0/33'] },
      'source_addresses[0] must be an IP address or a range such as 10.0.0.0/8',
    ],
    [
      'institutions',
      { source_addresses: ['::1', '10.0.0.0/8/8'] },
      'source_addresses[1] must be an IP address or a range such as 10.0.0.0/8',
    ],
    [
      'acquirers',
      { timezone: 'Mars/Olympus' },
      'timezone must be the name of a time zone such as Asia/Shanghai',
    ],
    ['acquirers', { requests_per_second: 0 }, 'requests_per_second must be a number above 0, at most 100000'],
    [
      'acquirers',
      { first_window_start: '2023-02-30 00:00:00' },
      'first_window_start must be a date and time such as 2023-01-01 00:00:00',
    ],
    ['acquirers', { agents: [] }, 'agents must be a list of at least one agent'],
    ['acquirers', { agents: [{}] }, 'agents[0].firstLevelAgentNum is missing'],
    [
      'risk_clients',
      { access_keys: ['a\u0000'] },
      'access_keys must not contain NUL or half of a surrogate pair',
    ],
    ['api_tokens', { role: 'admin' }, 'role must be one of viewer, operator, publisher'],
    ['api_tokens', { sha256: 'hunter2' }, 'sha256 must be the 64 hex digits of a SHA-256'],
  ])('refuses %s %j', (section, change, error) => {
    const [entry] = example[section as RegistrySection];
    const broken = JSON.stringify({ ...example, [section]: [{ ...entry, ...change }] });
    expect(errorsOf(broken)).toEqual([`${section}[0].${error}`]);
  });

  it('lists all that is wrong', () => {
    const broken = { businesses: [{ ...business, secrets: [] }], api_tokens: [{ ...token, role: 'x' }, 5] };
    expect(errorsOf(JSON.stringify(broken)).map((error) => error.split(' ')[0])).toEqual([
      'businesses[0].secrets',
      'api_tokens[0].role',
      'api_tokens[1]',
    ]);
  });

  it.each<[string, object, string]>([
    ['businesses', {}, 'businesses[1].biz_id'],
    ['merchants', {}, 'merchants[1].merchantNo'],
    ['institutions', {}, 'institutions[1].institutionId'],
    ['acquirers', { agents: [{ firstLevelAgentNum: 'other' }] }, 'acquirers[1].name'],
    ['acquirers', { name: 'other' }, 'acquirers[1].agents[0].firstLevelAgentNum'],
    ['risk_clients', {}, 'risk_clients[1].accessid'],
    ['api_tokens', { sha256: 'cd'.repeat(32) }, 'api_tokens[1].name'],
    ['api_tokens', { name: 'other', sha256: token.sha256.toUpperCase() }, 'api_tokens[1].sha256'],
  ])('refuses an id that is used twice in %s', (section, change, field) => {
    const [entry] = example[section as RegistrySection];
    const broken = JSON.stringify({ [section]: [entry, { ...entry, ...change }] });
    expect(errorsOf(broken)).toEqual([`${field} is used by an earlier entry`]);
  });

  it.each([
    ['', 'file is not valid JSON'],
    ['{"businesses": [{"secrets": ["hunter2"}]}', 'file is not valid JSON (line 1)'],
    ['{\n"businesses":\n hunter2}', 'file is not valid JSON'],
    ['null', 'file must be a JSON object'],
    ['[]', 'file must be a JSON object'],
    ['"hunter2"', 'file must be a JSON object'],
    ['{"business": []}', 'business is not a known field'],
    ['{"__proto__": []}', 'body has an unknown field'],
    ['{"businesses": {}}', 'businesses must be an array'],
    ['{"businesses": null}', 'businesses must be an array'],
    ['{"businesses": [[]]}', 'businesses[0] must be an object'],
  ])('refuses %j and does not repeat it', (content, error) => {
    expect(errorsOf(content)).toEqual([error]);
  });
});

describe('Partners', () => {
  it('finds each partner by its id', () => {
    const partners = new Partners(parse(example), [{ ...token, name: 'viewer', role: 'viewer' }]);
    expect(partners.businesses.get('MONEY_PLUS')).toMatchObject(business);
    expect(partners.merchants.get('202333')).toMatchObject(merchant);
    expect(partners.institutions.get('2022070222130610237')).toMatchObject(institution);
    expect(partners.acquirers.get('hkrt')).toMatchObject(acquirer);
    expect(partners.agents.get('FW1000251')).toMatchObject({ acquirer, agent });
    expect(partners.riskClients.get('client')).toMatchObject(client);
    expect(partners.apiTokens.map(({ name }) => name)).toEqual(['ops', 'viewer']);
    expect(partners.businesses.get('toString')).toBeUndefined();
  });
});
