import { ExportedMetrics } from './exported-metrics';
import { OVERLAYS, renderOverlay } from './overlay';
import { itRendered } from './rendered';
import { parsePromql } from './promql';
import { listNames, readText } from './repository';

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { uid: string };
  gridPos: { h: number; w: number; x: number; y: number };
  targets?: { refId: string; expr: string; legendFormat: string }[];
}

interface Dashboard {
  uid: string;
  title: string;
  templating: { list: { name: string; query: string }[] };
  panels: Panel[];
}

const FOLDER = ['k8s', 'base', 'dashboards'];
const DASHBOARDS = listNames(...FOLDER).map((name): [string, Dashboard] => [
  name,
  JSON.parse(readText(...FOLDER, name)) as Dashboard,
]);
const ALERTS = new Set(
  [...readText('k8s', 'base', 'alerts.yaml').matchAll(/- alert: (\w+)/g)].map(([, one]) => one),
);

let exported: ExportedMetrics;
beforeAll(async () => {
  exported = await ExportedMetrics.collect();
}, 60_000);

describe.each(DASHBOARDS)('the dashboard %s', (_name, { panels, templating }) => {
  const charts = panels.filter(({ type }) => type !== 'row');
  const queries = charts.flatMap(({ title, targets = [] }) =>
    targets.map((target) => ({ title, ...target })),
  );

  it('shows metrics and labels that the services export', () => {
    const problems = queries.flatMap(({ title, expr }) =>
      exported.problemsOf(expr).map((problem) => `${title}: ${problem}`),
    );
    expect(problems).toEqual([]);
    expect(charts.filter(({ targets = [] }) => targets.length === 0)).toEqual([]);
  });

  it('names its lines by labels that their expression leaves', () => {
    for (const { title, expr, legendFormat } of queries) {
      const left = parsePromql(expr).selectors.flatMap(({ groupings: [outermost = []] }) => outermost);
      const named = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => String(label));
      expect([title, named.filter((label) => !left.includes(label))]).toEqual([title, []]);
    }
  });

  it('has the variables that it uses, which ask for metrics that are there', () => {
    const declared = templating.list.map(({ name }) => name);
    const used = queries.flatMap(({ expr }) =>
      [...expr.matchAll(/\$(\w+)/g)]
        .map(([, name]) => String(name))
        .filter((name) => name !== '__rate_interval'),
    );
    expect([...new Set([...used, 'datasource'])].sort()).toEqual(declared.sort());
    for (const { datasource } of charts) expect(datasource?.uid).toBe('${datasource}');
    for (const { query } of templating.list) {
      const [, selector, label] = /^label_values\((.+), (\w+)\)$/.exec(query) ?? [];
      if (selector !== undefined)
        expect(exported.problemsOf(`count by (${String(label)}) (${selector})`)).toEqual([]);
    }
  });

  it('says of each panel what it shows, and names alerts that exist', () => {
    for (const { title, description = '' } of charts) {
      expect([title, description]).toEqual([title, expect.stringMatching(/\.$/)]);
      const [, named = ''] = /Alerts?: ([\w, ]+)\.$/.exec(description) ?? [];
      for (const alert of named.split(', ').filter(Boolean))
        expect([title, [...ALERTS]]).toEqual([title, expect.arrayContaining([alert])]);
    }
  });

  it('lays its panels beside each other, never over each other', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { title, gridPos } of panels) {
      expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true]);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, taken.has(`${x}/${y}`)]).toEqual([title, false]);
          taken.add(`${x}/${y}`);
        }
    }
  });
});

describe('the dashboards', () => {
  it('show every metric of ours', () => {
    const shown = DASHBOARDS.flatMap(([, { panels }]) =>
      panels.flatMap(({ targets = [] }) =>
        targets.flatMap(({ expr }) =>
          parsePromql(expr).selectors.map(({ metric }) => exported.baseOf(metric)),
        ),
      ),
    );
    expect(exported.ownNames().filter((name) => !shown.includes(name))).toEqual([]);
  });

  it('are each another one', () => {
    expect(new Set(DASHBOARDS.map(([, { uid }]) => uid)).size).toBe(DASHBOARDS.length);
    expect(new Set(DASHBOARDS.map(([, { title }]) => title)).size).toBe(DASHBOARDS.length);
  });

  itRendered.each(OVERLAYS)('are all delivered by overlay %s, labelled for Grafana', (overlay) => {
    const { data, metadata } = renderOverlay(overlay).find('ConfigMap', 'kyc-relay-dashboards');
    expect(metadata?.labels).toHaveProperty('grafana_dashboard', '1');
    expect(Object.keys(data ?? {}).sort()).toEqual(DASHBOARDS.map(([name]) => name));
    for (const [name, dashboard] of DASHBOARDS) expect(JSON.parse(data?.[name] ?? '')).toEqual(dashboard);
  });
});

describe('the check of expressions', () => {
  it.each([
    ['relay_consumer_lag', []],
    ['rate(relay_consumer_lag[', [expect.stringContaining('⚠')]],
    ['relay_lag', ['nobody exports relay_lag']],
    ['relay_http_request_seconds', ['nobody exports relay_http_request_seconds']],
    ['relay_consumer_lag_bucket', ['nobody exports relay_consumer_lag_bucket']],
    ['sum by (le) (relay_http_request_seconds_bucket)', []],
    ['sum by (le) (relay_http_request_seconds_count)', ['relay_http_request_seconds_count has no label le']],
    ['relay_consumer_lag{partition="1"}', ['relay_consumer_lag has no label partition']],
    ['sum by (biz_id) (relay_consumer_lag)', ['relay_consumer_lag has no label biz_id']],
    ['vector(1)', ['it looks at no metric']],
  ])('says of %s: %j', (expression, problems) => {
    expect(exported.problemsOf(expression)).toEqual(problems);
  });
});
