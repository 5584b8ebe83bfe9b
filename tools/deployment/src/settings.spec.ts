import type { V1Container } from '@kubernetes/client-node';
import { describeConfig, loadConfig } from '@kyc-relay/config';
import { FROM, OVERLAYS, renderOverlay, type Rendered } from './overlay';
import { describeRendered } from './rendered';
import { readText } from './repository';
import { SERVICE_TABLE } from './services';

/** What the cluster puts in, in a form that the service takes. */
const SECRETS: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://relay:secret@postgres:5432/relay',
  DATA_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  REPLICA_ID: 'kyc-status-publisher-5b8c7d9f4-x2x7q',
};

describeRendered.each(OVERLAYS)('the settings in overlay %s', (overlay) => {
  let rendered: Rendered;
  beforeAll(() => {
    rendered = renderOverlay(overlay);
  });
  const containerOf = (name: string): V1Container => {
    const [container] = rendered.pods().get(name)?.spec?.containers ?? [];
    if (!container) throw new Error(`${name} has no container`);
    return container;
  };

  it.each(SERVICE_TABLE)('of %s are all that it has, and no other', (name, { config }) => {
    const given = Object.keys(rendered.environmentOf(containerOf(name)));
    const known = describeConfig(config).map(({ variable }) => variable);
    expect(given.sort()).toEqual(known.sort());
  });

  it.each(SERVICE_TABLE)('of %s are taken by it', (name, { config }) => {
    const given = rendered.environmentOf(containerOf(name));
    for (const [variable, value] of Object.entries(given))
      if (value === FROM) given[variable] = SECRETS[variable] ?? '';
    expect(() => loadConfig<object>(config, given)).not.toThrow();
  });

  it.each(SERVICE_TABLE)('of %s name the port and the files that it is given', (name) => {
    const container = containerOf(name);
    const given = rendered.environmentOf(container);
    expect(container.ports).toEqual([{ name: 'http', containerPort: Number(given['PORT']) }]);
    expect(given['HOST']).toBe('0.0.0.0');

    const volumes = rendered.pods().get(name)?.spec?.volumes ?? [];
    const files = volumes.flatMap(({ name: volume, secret }) => {
      const place = container.volumeMounts?.find((mount) => mount.name === volume)?.mountPath ?? '';
      return (secret?.items ?? []).map(({ path }) => `${place}/${path}`);
    });
    expect(files.sort()).toEqual([given['API_TOKENS_FILE'], given['PARTNER_REGISTRY_FILE']].sort());
    for (const mount of container.volumeMounts ?? [])
      if (mount.mountPath !== '/tmp') expect(mount.readOnly).toBe(true);
  });

  it('hold no secret, only where it is', () => {
    expect(rendered.objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    const secret = ['DATABASE_URL', 'DATA_KEYS'];
    for (const { spec } of rendered.pods().values())
      for (const container of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])])
        for (const { name, valueFrom } of container.env ?? [])
          if (secret.includes(name))
            expect([name, valueFrom?.secretKeyRef]).toEqual([name, expect.anything()]);
    for (const { data } of rendered.ofKind('ConfigMap'))
      for (const variable of secret) expect(Object.keys(data ?? {})).not.toContain(variable);
  });

  it('take the secrets that k8s/README.md tells to make, and no other', () => {
    const told = [...readText('k8s', 'README.md').matchAll(/^\| `([\w-]+)` +\| `([\w.-]+)` +\|/gm)].map(
      ([, secret, key]) => `${String(secret)}/${String(key)}`,
    );
    expect(told.sort()).toEqual([...listSecrets(rendered)].sort());
  });
});

/** Each secret and its key, of variables, of files, and of the Ingress. */
function listSecrets(rendered: Rendered): Set<string> {
  const found = new Set<string>();
  for (const { spec } of rendered.pods().values()) {
    for (const container of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])])
      for (const { valueFrom } of container.env ?? []) {
        const ref = valueFrom?.secretKeyRef;
        if (ref) found.add(`${String(ref.name)}/${ref.key}`);
      }
    for (const { secret } of spec?.volumes ?? [])
      for (const { key } of secret?.items ?? []) found.add(`${String(secret?.secretName)}/${key}`);
  }
  for (const { spec } of rendered.ofKind('Ingress'))
    for (const { secretName } of spec?.tls ?? []) found.add(`${String(secretName)}/tls.crt`);
  return found;
}
