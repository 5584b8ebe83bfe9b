import type { KubernetesObject } from '@kubernetes/client-node';
import { listProblems } from './object-problems';
import { OVERLAYS, renderOverlay } from './overlay';
import { describeRendered } from './rendered';

describeRendered.each(OVERLAYS)('the objects of overlay %s', (overlay) => {
  it('fit their schemas and have no unknown field', () => {
    const { objects } = renderOverlay(overlay);
    expect(objects.length).toBeGreaterThan(30);
    const problems = objects.flatMap((object) =>
      listProblems(object).map(
        (problem) => `${String(object.kind)} ${String(object.metadata?.name)}: ${problem}`,
      ),
    );
    expect(problems).toEqual([]);
  });

  it('have names of their own and stand in one namespace', () => {
    const { objects } = renderOverlay(overlay);
    const names = objects.map(({ kind, metadata }) => `${String(kind)} ${String(metadata?.name)}`);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(objects.map(({ metadata }) => metadata?.namespace)).size).toBe(1);
  });
});

describe('the check of objects', () => {
  const deployment = (spec: object): KubernetesObject =>
    ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec }) as KubernetesObject;
  const selector = { matchLabels: { a: 'b' } };
  const podOf = (container: object): object => ({ spec: { containers: [{ name: 'c', ...container }] } });

  it.each([
    ['a missing field', deployment({ template: podOf({}) }), /required property selector/],
    ['a wrong type', deployment({ selector, replicas: 'two', template: podOf({}) }), /replicas/],
    ['an unknown field', deployment({ selector, replica: 2, template: podOf({}) }), /\.spec\.replica/],
    [
      'a deep unknown field',
      deployment({ selector, template: podOf({ livenessProbe: { httpget: {} } }) }),
      /containers\[0\]\.livenessProbe\.httpget/,
    ],
    ['an unknown kind', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }, /nobody checks/],
  ])('finds %s', (_what, object, problem) => {
    expect(listProblems(object).join('\n')).toMatch(problem);
  });
});
