import { describeConfig } from './describe-config';
import { ConfigError, loadConfig } from './load-config';
import { PartnerServiceConfig, ServiceConfig } from './service-config';
import { Setting } from './setting.decorator';
import { addressRanges, wholeNumber } from './setting-readers';

const DATA_KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const minimal = {
  DATABASE_URL: 'postgres://relay:hunter2@127.0.0.1:5432/relay',
  KAFKA_BROKERS: '127.0.0.1:9092',
  DATA_KEYS,
};

class CallbackConfig extends PartnerServiceConfig {
  /** Example of an app's own setting. */
  @Setting('TASK_LIMIT', { meaning: 'tasks at once', reads: wholeNumber(0, 50) })
  taskLimit = 0;

  /** Another one. */
  @Setting('TRUSTED_PROXIES', { meaning: 'our proxies', reads: addressRanges })
  trustedProxies: string[] = [];
}

function problemsOf(env: Record<string, string | undefined>): string[] {
  try {
    loadConfig(CallbackConfig, { ...minimal, PARTNER_REGISTRY_FILE: '/etc/partners.json', ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  it('gives defaults where the environment is silent', () => {
    const config = loadConfig(ServiceConfig, minimal);
    expect(config).toBeInstanceOf(ServiceConfig);
    expect(Object.keys(config)).toHaveLength(10);
    expect(config).toMatchObject({
      port: 3000,
      host: '0.0.0.0',
      databaseUrl: minimal.DATABASE_URL,
      databasePoolSize: 10,
      kafkaBrokers: ['127.0.0.1:9092'],
      dataKeys: { sealingKeyId: 'k1' },
      replicaId: 'single',
      logLevel: 'info',
      traceEndpoint: undefined,
      traceSampleRatio: 1,
    });
  });

  it('reads every setting, those of an extending class too', () => {
    const config = loadConfig(CallbackConfig, {
      PORT: '0',
      HOST: '::1',
      DATABASE_URL: 'postgresql:///relay?host=/var/run/postgresql',
      DATABASE_POOL_SIZE: '200',
      KAFKA_BROKERS: ' kafka-0.kafka:9092 , [::1]:9093',
      DATA_KEYS: `${DATA_KEYS},k0:${Buffer.alloc(32, 8).toString('base64')}`,
      REPLICA_ID: 'money-plus-callback-0',
      LOG_LEVEL: 'debug',
      PARTNER_REGISTRY_FILE: '/etc/partners.json',
      API_TOKENS_FILE: '/etc/tokens.json',
      TASK_LIMIT: '50',
      TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    });
    expect(config).toMatchObject({
      port: 0,
      host: '::1',
      databaseUrl: 'postgresql:///relay?host=/var/run/postgresql',
      databasePoolSize: 200,
      kafkaBrokers: ['kafka-0.kafka:9092', '[::1]:9093'],
      replicaId: 'money-plus-callback-0',
      logLevel: 'debug',
      partnerRegistryFile: '/etc/partners.json',
      apiTokensFile: '/etc/tokens.json',
      taskLimit: 50,
      trustedProxies: ['10.0.0.0/8', '::1'],
    });
  });

  it('ignores unknown variables and takes blank ones for absent', () => {
    const env = { ...minimal, PATH: '/bin', port: '1', PORT: ' ', LOG_LEVEL: '', REPLICA_ID: undefined };
    const config = loadConfig(ServiceConfig, env);
    expect(config).toMatchObject({ port: 3000, logLevel: 'info', replicaId: 'single' });
    expect(config).not.toHaveProperty('PATH');
  });

  it('drops white space around a value, as files behind variables end in a newline', () => {
    const config = loadConfig(ServiceConfig, { ...minimal, PORT: ' 8080\n', DATA_KEYS: `${DATA_KEYS}\n` });
    expect(config.port).toBe(8080);
  });

  it('keeps a default that is zero', () => {
    const config = loadConfig(CallbackConfig, { ...minimal, PARTNER_REGISTRY_FILE: 'partners.json' });
    expect(config.taskLimit).toBe(0);
    expect(config.apiTokensFile).toBeUndefined();
  });

  it('names everything that is missing at once', () => {
    expect(() => loadConfig(CallbackConfig, {})).toThrow(
      [
        'The environment cannot be used:',
        '  DATABASE_URL is missing: a URL such as postgres://user:password@host:5432/database',
        '  KAFKA_BROKERS is missing: host:port, several separated by commas',
        '  DATA_KEYS is missing: id:base64, several separated by commas; ids of letters, digits, _ and -, no two alike; keys of 32 bytes',
        '  PARTNER_REGISTRY_FILE is missing: a path',
      ].join('\n'),
    );
  });

  it.each([
    ['PORT', '65536', 'a whole number from 0 to 65535'],
    ['PORT', '-1', 'a whole number from 0 to 65535'],
    ['PORT', '1e3', 'a whole number from 0 to 65535'],
    ['PORT', '80 80', 'a whole number from 0 to 65535'],
    ['PORT', '0x50', 'a whole number from 0 to 65535'],
    ['HOST', 'a b', 'an address'],
    ['DATABASE_URL', 'mysql://u:hunter2@h/d', 'a URL such as postgres://user:password@host:5432/database'],
    ['DATABASE_URL', 'hunter2', 'a URL such as postgres://user:password@host:5432/database'],
    ['DATABASE_POOL_SIZE', '0', 'a whole number from 1 to 200'],
    ['KAFKA_BROKERS', 'kafka', 'host:port, several separated by commas'],
    ['KAFKA_BROKERS', 'kafka:9092,', 'host:port, several separated by commas'],
    ['KAFKA_BROKERS', 'kafka:0', 'host:port, several separated by commas'],
    ['KAFKA_BROKERS', 'kafka:65536', 'host:port, several separated by commas'],
    ['KAFKA_BROKERS', 'http://kafka:9092', 'host:port, several separated by commas'],
    ['REPLICA_ID', 'a/b', '1 to 63 of letters, digits, ., _ and -'],
    ['LOG_LEVEL', 'verbose', 'one of fatal, error, warn, info, debug, trace, silent'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4318', 'a URL such as http://host:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://collector:4317', 'a URL such as http://host:4318'],
    ...['1.01', '-0.1', '.5', '5%', '1e-3', '0.0000000001'].map((value) => [
      'OTEL_TRACES_SAMPLER_ARG',
      value,
      'a number from 0 to 1, such as 0.05',
    ]),
    ['TASK_LIMIT', '51', 'a whole number from 0 to 50'],
    ...['10.0.0.0/33', '10.0.0.0/8;::1', 'proxy', '10.0.0.0/8,', 'fe80::1%eth0'].map((value) => [
      'TRUSTED_PROXIES',
      value,
      'IP addresses or ranges such as 10.0.0.0/8, several separated by commas',
    ]),
  ])('refuses %s=%j without repeating it', (variable, value, expected) => {
    expect(problemsOf({ [variable]: value })).toEqual([`  ${variable} must be ${expected}`]);
  });

  it('says nothing of a key that is wrong', () => {
    const [problem = ''] = problemsOf({ DATA_KEYS: 'k1:c2hvcnQ=' });
    expect(problem).toMatch(/^ {2}DATA_KEYS must be id:base64/);
    expect(problem).not.toContain('c2hvcnQ');
  });
});

describe('describeConfig', () => {
  it('lists each setting with its meaning and default, the inherited ones first', () => {
    const described = describeConfig(CallbackConfig);
    expect(described.map(({ variable }) => variable)).toEqual([
      'PORT',
      'HOST',
      'DATABASE_URL',
      'DATABASE_POOL_SIZE',
      'KAFKA_BROKERS',
      'DATA_KEYS',
      'REPLICA_ID',
      'LOG_LEVEL',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OTEL_TRACES_SAMPLER_ARG',
      'PARTNER_REGISTRY_FILE',
      'API_TOKENS_FILE',
      'TASK_LIMIT',
      'TRUSTED_PROXIES',
    ]);
    expect(described[0]).toEqual({
      variable: 'PORT',
      meaning: 'TCP port of the HTTP server; 0 picks a free one',
      expected: 'a whole number from 0 to 65535',
      default: '3000',
      required: false,
    });
    expect(described.filter(({ required }) => required).map(({ variable }) => variable)).toEqual([
      'DATABASE_URL',
      'KAFKA_BROKERS',
      'DATA_KEYS',
      'PARTNER_REGISTRY_FILE',
    ]);
    expect(described.find(({ variable }) => variable === 'API_TOKENS_FILE')).toMatchObject({
      default: null,
      required: false,
    });
  });

  it('gives a base class only its own settings', () => {
    expect(describeConfig(ServiceConfig).some(({ variable }) => variable === 'TASK_LIMIT')).toBe(false);
  });
});
