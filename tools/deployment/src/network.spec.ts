import type { V1HTTPIngressPath, V1NetworkPolicySpec } from '@kubernetes/client-node';
import { OVERLAYS, renderOverlay, type Rendered } from './overlay';
import { describeRendered } from './rendered';
import { SERVICES } from './services';

/** Every operation of every service: whose it is, its path with parameters filled in, and who calls it. */
const OPERATIONS = SERVICES.flatMap(({ description, openapi }) =>
  Object.entries(openapi?.paths ?? {}).flatMap(([path, methods]) =>
    Object.values(methods).map(({ tags }) => ({
      service: description.name,
      path: path.replaceAll(/\{\w+\}/g, '10086_a'),
      isPartners: tags.includes('partners'),
    })),
  ),
);
const CALLERS = ['money-plus-callback', 'risk-case-sync'];

/** Whether an Ingress lets a path through, as its type says; an expression is ingress-nginx's. */
function lets({ path: declared = '', pathType }: V1HTTPIngressPath, path: string): boolean {
  if (pathType === 'Exact') return path === declared;
  if (pathType === 'Prefix') return path === declared || path.startsWith(`${declared}/`);
  return new RegExp(`^${declared}`, 'i').test(path);
}

describeRendered.each(OVERLAYS)('the network of overlay %s', (overlay) => {
  let rendered: Rendered;
  let open: V1HTTPIngressPath[];
  beforeAll(() => {
    rendered = renderOverlay(overlay);
    open = rendered
      .ofKind('Ingress')
      .flatMap(({ spec }) => spec?.rules?.flatMap(({ http }) => http?.paths ?? []) ?? []);
  });
  const policy = (name: string): V1NetworkPolicySpec | undefined => rendered.find('NetworkPolicy', name).spec;
  const labelsOf = (name: string): Record<string, string> =>
    rendered.pods().get(name)?.metadata?.labels ?? {};

  it("lets in at the ingress the partners' paths, each to its service, and no other", () => {
    expect(OPERATIONS.filter(({ isPartners }) => isPartners).length).toBeGreaterThan(8);
    for (const { service, path, isPartners } of OPERATIONS) {
      const backends = open.filter((one) => lets(one, path)).map(({ backend }) => backend.service?.name);
      expect([path, backends]).toEqual([path, isPartners ? [service] : []]);
    }
    const used = open.filter((one) => OPERATIONS.some(({ path }) => lets(one, path)));
    expect(used).toEqual(open);
    for (const { backend } of open) expect(backend.service?.port).toEqual({ name: 'http' });
    for (const { spec } of rendered.ofKind('Ingress')) {
      const hosts = spec?.rules?.map(({ host }) => host);
      expect(spec?.tls?.flatMap((one) => one.hosts)).toEqual(hosts);
    }
  });

  it('leads each Service to the pods of its name', () => {
    for (const { description } of SERVICES) {
      const { spec } = rendered.find('Service', description.name);
      expect(labelsOf(description.name)).toMatchObject({ ...spec?.selector });
      expect(spec?.selector).toEqual({ 'app.kubernetes.io/name': description.name });
      expect(spec?.ports).toEqual([{ name: 'http', port: 80, targetPort: 'http' }]);
    }
  });

  it('lets Prometheus scrape every service where it shows its metrics', () => {
    const [monitor] = rendered.ofKind('ServiceMonitor');
    for (const { description, openapi } of SERVICES) {
      const { metadata } = rendered.find('Service', description.name);
      expect(metadata?.labels).toMatchObject({ ...monitor?.spec.selector.matchLabels });
      expect(monitor?.spec.endpoints).toEqual([expect.objectContaining({ port: 'http' })]);
      for (const { path } of monitor?.spec.endpoints ?? [])
        expect(Object.keys(openapi?.paths ?? {})).toContain(path);
    }
  });

  it('denies what no policy allows', () => {
    expect(policy('default-deny')).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  it('lets partners in where they call, out where they are called, and everything to its stores', () => {
    const selects = (name: string, labels: Record<string, string>): boolean =>
      Object.entries(policy(name)?.podSelector?.matchLabels ?? {}).every(
        ([key, value]) => labels[key] === value,
      );
    for (const name of rendered.pods().keys()) {
      const isCalled = OPERATIONS.some(({ service, isPartners }) => isPartners && service === name);
      expect([name, selects('partners-may-call', labelsOf(name))]).toEqual([name, isCalled]);
      expect([name, selects('partners-may-be-called', labelsOf(name))]).toEqual([
        name,
        CALLERS.includes(name),
      ]);
      expect([name, selects('stores-and-names', labelsOf(name))]).toEqual([name, true]);
      expect([name, selects('operators-may-look', labelsOf(name))]).toEqual([name, true]);
    }
  });

  it('opens the ports of the brokers that the services are told of', () => {
    const [given] = rendered.ofKind('ConfigMap').flatMap(({ data }) => data?.['KAFKA_BROKERS'] ?? []);
    const ports = policy('stores-and-names')
      ?.egress?.flatMap((rule) => rule.ports ?? [])
      .map(({ port }) => String(port));
    for (const broker of String(given).split(',')) expect(ports).toContain(broker.split(':')[1]);
    expect(ports).toContain('5432');
  });

  it('lets no partner be called at an inner address', () => {
    const [rule] = policy('partners-may-be-called')?.egress ?? [];
    expect(rule?.to).toEqual([
      {
        ipBlock: {
          cidr: '0.0.0.0/0',
          except: expect.arrayContaining([
            '10.0.0.0/8',
            '169.254.0.0/16',
            '172.16.0.0/12',
            '192.168.0.0/16',
          ]) as string[],
        },
      },
    ]);
    expect(rule?.ports).toEqual([{ protocol: 'TCP', port: 443 }]);
  });
});

describe('an Ingress path', () => {
  it.each([
    ['Exact', '/v1/events', '/v1/events', true],
    ['Exact', '/v1/events', '/v1/events/more', false],
    ['Prefix', '/v3/payee', '/v3/payee/register', true],
    ['Prefix', '/v3/payee', '/v3/payees', false],
    ['ImplementationSpecific', '/v1/users/[^/]+/entry$', '/v1/users/10086_a/entry', true],
    ['ImplementationSpecific', '/v1/users/[^/]+/entry$', '/v1/users/10086_a/history', false],
    ['ImplementationSpecific', '/v1/users/[^/]+/entry$', '/v1/users/10086_a/b/entry', false],
  ])('of type %s, %s, %s: %s', (pathType, declared, path, expected) => {
    expect(lets({ pathType, path: declared, backend: {} }, path)).toBe(expected);
  });
});
