import { OVERLAYS, renderOverlay, type Rendered } from './overlay';
import { describeRendered } from './rendered';
import { SERVICES } from './services';

const NAMES = SERVICES.map(({ description }) => description.name);

describeRendered.each(OVERLAYS)('what runs in overlay %s', (overlay) => {
  let rendered: Rendered;
  beforeAll(() => {
    rendered = renderOverlay(overlay);
  });

  it('is every service and the two jobs before them', () => {
    expect(rendered.ofKind('Deployment').map(({ metadata }) => metadata?.name)).toEqual(NAMES);
    const waves = rendered
      .ofKind('Job')
      .map(({ metadata }) => [metadata?.name, metadata?.annotations?.['argocd.argoproj.io/sync-wave']]);
    expect(waves).toEqual([
      ['migrations', '-2'],
      ['topics', '-1'],
    ]);
  });

  it('is never root, writes nowhere but where it is told, has no capability and no token', () => {
    for (const [name, { spec }] of rendered.pods()) {
      expect([name, spec?.automountServiceAccountToken]).toEqual([name, false]);
      expect([name, spec?.securityContext]).toEqual([
        name,
        expect.objectContaining({
          runAsNonRoot: true,
          runAsUser: 1000,
          runAsGroup: 1000,
          seccompProfile: { type: 'RuntimeDefault' },
        }),
      ]);
      for (const container of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])])
        expect([name, container.name, container.securityContext]).toEqual([
          name,
          container.name,
          { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        ]);
      for (const host of ['hostNetwork', 'hostPID', 'hostIPC'] as const) expect(spec?.[host]).toBeUndefined();
      expect(spec?.volumes?.filter(({ hostPath }) => hostPath) ?? []).toEqual([]);
    }
    for (const account of rendered.ofKind('ServiceAccount'))
      expect(account.automountServiceAccountToken).toBe(false);
  });

  it('runs under an account of its own', () => {
    const accounts = rendered.ofKind('ServiceAccount').map(({ metadata }) => metadata?.name);
    for (const name of NAMES) expect(rendered.pods().get(name)?.spec?.serviceAccountName).toBe(name);
    for (const { spec } of rendered.pods().values()) expect(accounts).toContain(spec?.serviceAccountName);
  });

  it('asks for what it needs and cannot take all memory', () => {
    for (const { spec } of rendered.pods().values())
      for (const { resources } of [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])]) {
        expect(Object.keys(resources?.requests ?? {}).sort()).toEqual(['cpu', 'memory']);
        expect(resources?.limits).toHaveProperty('memory');
      }
  });

  it('comes from images of one version, never of whatever is latest', () => {
    const images = [...rendered.pods().values()].flatMap(({ spec }) =>
      [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map(({ image }) => image ?? ''),
    );
    expect(new Set(images.map((image) => image.split(':')[1])).size).toBe(1);
    expect(images.filter((image) => !/:(?!latest)[\w.-]+$/.test(image))).toEqual([]);
  });

  it.each(NAMES)('lets %s be probed, spread, moved and stopped in peace', (name) => {
    const { spec } = rendered.find('Deployment', name);
    const pod = spec?.template.spec;
    const [container] = pod?.containers ?? [];
    expect(container?.startupProbe?.httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container?.livenessProbe?.httpGet).toEqual({ path: '/livez', port: 'http' });
    expect(container?.readinessProbe?.httpGet).toEqual({ path: '/readyz', port: 'http' });
    // A check gives up after 2 s; a probe that gave up before would never hear why.
    expect(container?.readinessProbe?.timeoutSeconds).toBeGreaterThan(2);
    expect(spec?.strategy?.rollingUpdate).toEqual({ maxSurge: 1, maxUnavailable: 0 });

    const pause = Number(container?.lifecycle?.preStop?.exec?.command?.[1]);
    const ownEnd = 10;
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(pause + ownEnd);

    expect(pod?.topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: overlay === 'production' ? 'DoNotSchedule' : 'ScheduleAnyway',
        labelSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
      },
    ]);
    expect(rendered.find('PodDisruptionBudget', name).spec).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: spec?.selector.matchLabels },
    });
    if (overlay === 'production') expect(spec?.replicas).toBeGreaterThanOrEqual(2);
  });

  it('starts no service before its tables are there', () => {
    for (const name of NAMES) {
      const [wait] = rendered.pods().get(name)?.spec?.initContainers ?? [];
      expect(wait?.command).toEqual(['node', 'run/migrate.js', 'wait']);
    }
  });

  it('scales by what each service waits for, or says why it does not', () => {
    const scaled = rendered.ofKind('HorizontalPodAutoscaler');
    for (const name of NAMES) {
      const scaler = scaled.find(({ spec }) => spec?.scaleTargetRef.name === name);
      const reason = rendered.find('Deployment', name).metadata?.annotations?.[
        'kyc-relay.io/why-no-autoscaler'
      ];
      expect([name, scaler === undefined]).toEqual([name, reason !== undefined]);
      if (scaler) expect(scaler.metadata?.annotations?.['kyc-relay.io/scales-on']).toBeTruthy();
    }
    const metricOf = (name: string): unknown => {
      const [metric] = rendered.find('HorizontalPodAutoscaler', name).spec?.metrics ?? [];
      return metric?.pods?.metric.name ?? metric?.object?.metric.name ?? metric?.resource?.name;
    };
    const adapted = overlay === 'production';
    expect(metricOf('kyc-status-publisher')).toBe(adapted ? 'relay_consumer_lag' : 'cpu');
    expect(metricOf('money-plus-callback')).toBe(adapted ? 'relay_callback_oldest_pending_seconds' : 'cpu');
  });
});
