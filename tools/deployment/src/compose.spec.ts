import { createHash } from 'node:crypto';
import { describeConfig, loadConfig, parseRegistry, type PartnerRegistry } from '@kyc-relay/config';
import { readSettings, type SimulatorSettings } from '@kyc-relay/simulators';
import { readCompose, type ComposeService } from './compose';
import { listNames, readText } from './repository';
import { SERVICE_TABLE, SERVICES } from './services';

const COMPOSE = readCompose();
const NAMES = SERVICES.map(({ description }) => description.name);
const ONE_SHOTS = ['migrations', 'topics'];
const SIMULATORS = 'simulators';

function find(name: string): ComposeService {
  const found = COMPOSE[name];
  if (!found) throw new Error(`docker-compose.yml has no ${name}`);
  return found;
}

/** The environment as a process gets it. */
function environmentOf(name: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(find(name).environment).map(([key, value]) => [key, String(value)]),
  );
}

function readRegistry(): PartnerRegistry {
  const checked = parseRegistry(readText('docker', 'registry.json'));
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.value;
}

describe('docker-compose.yml', () => {
  it('has the stores, the jobs, the services and, under a profile, the simulators', () => {
    expect(Object.keys(COMPOSE).sort()).toEqual(
      ['kafka', 'postgres', SIMULATORS, ...NAMES, ...ONE_SHOTS].sort(),
    );
    const profiled = Object.entries(COMPOSE).flatMap(([name, { profiles }]) =>
      profiles ? [[name, profiles]] : [],
    );
    expect(profiled).toEqual([[SIMULATORS, ['simulators']]]);
  });

  it('takes the official images in exact versions, and ours of this repository', () => {
    expect(find('kafka').image).toMatch(/^apache\/kafka:\d+\.\d+\.\d+$/);
    expect(find('postgres').image).toMatch(/^postgres:\d+\.\d+$/);
    for (const name of [...NAMES, SIMULATORS]) {
      expect(find(name).image).toBe(`kyc-relay/${name}`);
      expect(find(name).build).toEqual({ context: '.', args: { SERVICE: name } });
    }
    for (const name of ONE_SHOTS) expect(find(name).image).toBe('kyc-relay/operations');
    expect(find('migrations').build).toEqual({ context: '.', args: { SERVICE: 'operations' } });
  });

  it('runs migrations and topics to their end before anything of ours starts', () => {
    const ended = { condition: 'service_completed_successfully' };
    expect(find('migrations').depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(find('topics').depends_on).toEqual({ kafka: { condition: 'service_healthy' }, migrations: ended });
    for (const name of [...NAMES, SIMULATORS])
      expect(find(name).depends_on).toEqual({ migrations: ended, topics: ended });
    for (const name of ONE_SHOTS) {
      expect(find(name).restart).toBeUndefined();
      const [program, script = '', ...args] = find(name).command ?? [];
      expect([program, args]).toEqual(['node', name === 'migrations' ? ['up'] : []]);
      expect(listNames('tools', 'operations', 'src')).toContain(script.replace(/^run\/(.+)\.js$/, '$1.ts'));
    }
    expect(Object.keys(find('migrations').environment)).toEqual(['DATABASE_URL']);
    expect(Object.keys(find('topics').environment)).toEqual(['KAFKA_BROKERS']);
  });

  it.each(SERVICE_TABLE)('gives %s only settings that it has, and all that it needs', (name, { config }) => {
    const given = environmentOf(name);
    const known = describeConfig(config).map(({ variable }) => variable);
    expect(Object.keys(given).filter((variable) => !known.includes(variable))).toEqual([]);
    expect(() => loadConfig<object>(config, given)).not.toThrow();
    expect(given['REPLICA_ID']).toBe(`${name}-1`);
    expect(find(name).volumes).toEqual([
      `./docker/registry.json:${String(given['PARTNER_REGISTRY_FILE'])}:ro`,
    ]);
  });

  it.each(SERVICE_TABLE)('asks %s for its health where it answers', (name, { openapi }) => {
    const [, port, path = ''] =
      /http:\/\/127\.0\.0\.1:(\d+)(\/\w+)/.exec(find(name).healthcheck?.test.join(' ') ?? '') ?? [];
    expect(port).toBe(environmentOf(name)['PORT']);
    expect(Object.keys(openapi?.paths ?? {})).toContain(path);
    for (const store of ['kafka', 'postgres']) expect(find(store).healthcheck?.test[0]).toBe('CMD-SHELL');
  });

  it('opens ports to this machine alone, and lets no process of ours do what it need not', () => {
    const ports = [...NAMES, SIMULATORS].flatMap((name) => find(name).ports ?? []);
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:3000$/.test(port))).toEqual([]);
    expect(new Set(ports).size).toBe(NAMES.length + 1);
    for (const name of [...NAMES, ...ONE_SHOTS, SIMULATORS])
      expect([name, find(name)]).toEqual([
        name,
        expect.objectContaining({
          read_only: true,
          cap_drop: ['ALL'],
          security_opt: ['no-new-privileges:true'],
        }),
      ]);
  });

  it('keeps what Kafka and Postgres hold in volumes', () => {
    expect(find('kafka').volumes).toEqual([`kafka:${String(environmentOf('kafka')['KAFKA_LOG_DIRS'])}`]);
    // From version 18 on the image keeps its data in a folder of the version below this one.
    expect(find('postgres').volumes).toEqual(['postgres:/var/lib/postgresql']);
  });
});

describe('the simulators of docker-compose.yml', () => {
  const read = readSettings(environmentOf(SIMULATORS));
  const settings = (): SimulatorSettings => {
    if (!read.ok) throw new Error(read.problems.join('\n'));
    return read.settings;
  };
  const registry = readRegistry();
  const at = `http://${SIMULATORS}:${String(environmentOf(SIMULATORS)['PORT'])}`;

  it('are given settings that they take', () => {
    expect(read).toMatchObject({ ok: true });
    expect(settings().brokers).toEqual(environmentOf('topics')['KAFKA_BROKERS']?.split(','));
  });

  it('share with docker/registry.json what partners share with us', () => {
    const [business] = registry.businesses;
    const [acquirer] = registry.acquirers;
    const [institution] = registry.institutions;
    expect(business?.secrets).toEqual(settings().secrets);
    expect(acquirer).toMatchObject(settings().acquirer);
    expect(institution?.institutionId).toBe(settings().review_partner.institution_id);
    expect(institution?.salts).toContain(settings().review_partner.salt);
    const hash = createHash('sha256')
      .update(settings().events_token ?? '')
      .digest('hex');
    expect(registry.api_tokens).toContainEqual(expect.objectContaining({ role: 'publisher', sha256: hash }));
  });

  it('stand where docker/registry.json calls them', () => {
    const [business] = registry.businesses;
    const [acquirer] = registry.acquirers;
    expect(business?.status_callback_url).toBe(`${at}/money-plus/status`);
    expect(business?.info_callback_url).toBe(`${at}/money-plus/info`);
    expect(acquirer?.query_url).toBe(`${at}/acquirer/query`);
  });

  it('call services and paths that are there', () => {
    const calls = [settings().review_partner.url, `${String(settings().events_url)}/v1/events`].map(
      (url) => new URL(String(url)),
    );
    for (const { hostname, port, pathname } of calls) {
      const service = SERVICES.find(({ description }) => description.name === hostname);
      expect(Object.keys(service?.openapi?.paths ?? {})).toContain(pathname);
      expect(port).toBe(environmentOf(hostname)['PORT']);
    }
  });
});
