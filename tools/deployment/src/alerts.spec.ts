import { readFileSync } from 'node:fs';
import { ExportedMetrics } from './exported-metrics';
import { OVERLAYS, renderOverlay, type AlertRule } from './overlay';
import { describeRendered } from './rendered';
import { parsePromql } from './promql';
import { listNames, listSources, readText } from './repository';

/** A heading of a runbook as a link names it. */
const anchorOf = (heading: string): string => heading.trim().toLowerCase().replaceAll(' ', '-');

/** `OutboxStuck` is `outbox-stuck`. */
const slugOf = (alert: string): string => alert.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();

const RUNBOOKS = listNames('docs', 'runbooks').map((name) => {
  const text = readText('docs', 'runbooks', name);
  return {
    path: `docs/runbooks/${name}`,
    text,
    headings: [...text.matchAll(/^# (.+)$/gm)].map(([, one]) => anchorOf(String(one))),
  };
});

describeRendered.each(OVERLAYS)('the alerts of overlay %s', (overlay) => {
  let exported: ExportedMetrics;
  let alerts: AlertRule[];
  beforeAll(async () => {
    exported = await ExportedMetrics.collect();
    alerts = renderOverlay(overlay)
      .ofKind('PrometheusRule')
      .flatMap(({ spec }) => spec.groups.flatMap(({ rules }) => rules));
  });

  it('have names of their own, a severity, a pause and a summary', () => {
    expect(alerts.length).toBeGreaterThan(15);
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    for (const { alert, labels, annotations, for: pause } of alerts) {
      expect([alert, ['warning', 'critical']]).toEqual([alert, expect.arrayContaining([labels['severity']])]);
      expect([alert, pause]).toEqual([alert, expect.stringMatching(/^\d+m$/)]);
      expect([alert, annotations['summary']]).toEqual([alert, expect.stringMatching(/\w/)]);
    }
  });

  it('look at metrics and labels that the services export', () => {
    const problems = alerts.flatMap(({ alert, expr }) =>
      exported.problemsOf(expr).map((problem) => `${alert}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });

  it('say in their summary only labels that their expression leaves', () => {
    for (const { alert, expr, annotations } of alerts) {
      const left = parsePromql(expr).selectors.flatMap(({ groupings: [outermost = []] }) => outermost);
      const said = [...(annotations['summary'] ?? '').matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
      expect([alert, said.filter((label) => !left.includes(String(label)))]).toEqual([alert, []]);
    }
  });

  it('lead each to a heading of its own in a runbook, and no runbook is left over', () => {
    const led = alerts.map(({ annotations }) => annotations['runbook']);
    expect(led.map((one) => one?.replace(/^docs\/runbooks\/[\w-]+\.md#/, ''))).toEqual(
      alerts.map(({ alert }) => slugOf(alert)),
    );
    const written = RUNBOOKS.flatMap(({ path, headings }) => headings.map((heading) => `${path}#${heading}`));
    expect(led.sort()).toEqual(written.sort());
  });
});

describe('the runbooks', () => {
  it('say what to do, in steps', () => {
    for (const { path, text } of RUNBOOKS)
      for (const section of text.split(/^# .+$/m).slice(1))
        expect([path, section]).toEqual([path, expect.stringMatching(/^\n\n\S.+\n(?:.+\n)*\n1\. \S/)]);
  });

  it('name log lines that the services write', () => {
    const sources = listSources()
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n');
    const named = RUNBOOKS.flatMap(({ path, text }) =>
      [...text.matchAll(/[Ll]og lines?((?: or| and)? `[^`]+`)+/g)].flatMap(([lines]) =>
        [...lines.matchAll(/`([^`]+)`/g)].map(([, line]) => [path, String(line)] as const),
      ),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter(([, line]) => !sources.includes(line))).toEqual([]);
  });
});
