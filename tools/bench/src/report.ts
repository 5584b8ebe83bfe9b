import type { MemoryCurve } from './rig/meter';

/** One figure of a measurement. */
export interface Figure {
  /** What was measured, for people. */
  what: string;
  value: number;
  unit: '/s' | 'ms' | 'MB';
  /** The same without what makes it ours: the ceiling, measured in the same run. */
  raw?: { what: string; value: number };
  /** What it shall be, and whether it is. */
  goal?: { text: string; isMet: boolean };
  /** Microseconds of processor time per event, by process. */
  cpuUsPerEvent?: Record<string, number>;
}

/** All that one measurement found. */
export interface Report {
  measurement: string;
  /** What generated the load and what received it, and how many events. */
  setup: string[];
  figures: Figure[];
  memory?: Record<string, MemoryCurve>;
}

/** What a service may take under load. */
const MEMORY_LIMIT_MB = 300;

/** CPU microseconds per event, from the seconds that a meter read. */
export function perEvent(cpuSeconds: Record<string, number>, events: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(cpuSeconds).map(([name, seconds]) => [name, (seconds * 1e6) / events]),
  );
}

/** A report as text. */
export function formatReport(report: Report): string {
  const lines = [`\n== ${report.measurement}`, ...report.setup.map((line) => `   ${line}`)];
  const rows = report.figures.map(rowOf);
  if (rows.length > 0) lines.push(...align([['figure', '', 'raw ceiling', 'ratio', 'goal'], ...rows]));
  const cpu = report.figures.filter((figure) => figure.cpuUsPerEvent);
  if (cpu.length > 0) lines.push('   processor time per event, µs:');
  for (const figure of cpu)
    lines.push(
      `     ${figure.what}: ${Object.entries(figure.cpuUsPerEvent ?? {})
        .map(([name, us]) => `${name} ${us.toFixed(1)}`)
        .join(', ')}`,
    );
  if (report.memory)
    lines.push(
      ...align([
        ['resident memory, MB', 'after 1/4', 'at the end', 'growth', 'peak', 'goal'],
        ...Object.entries(report.memory).map(([name, curve]) => [
          name,
          curve.firstMb.toFixed(0),
          curve.lastMb.toFixed(0),
          `${((curve.lastMb / curve.firstMb - 1) * 100).toFixed(0)} %`,
          curve.peakMb.toFixed(0),
          `< ${MEMORY_LIMIT_MB}: ${curve.peakMb < MEMORY_LIMIT_MB ? 'met' : 'MISSED'}`,
        ]),
      ]),
    );
  return `${lines.join('\n')}\n`;
}

function rowOf({ what, value, unit, raw, goal }: Figure): string[] {
  // A rate is better the higher it is, a time the lower: the ratio says in both cases how near the ceiling is.
  const ratio = raw && (unit === '/s' ? value / raw.value : raw.value / value);
  return [
    what,
    format(value, unit),
    raw ? `${format(raw.value, unit)} ${raw.what}` : '',
    ratio === undefined ? '' : `${(ratio * 100).toFixed(0)} %`,
    goal ? `${goal.text}: ${goal.isMet ? 'met' : 'MISSED'}` : '',
  ];
}

function format(value: number, unit: Figure['unit']): string {
  const digits = unit === 'ms' ? 1 : 0;
  const text = value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return unit === '/s' ? `${text}/s` : `${text} ${unit}`;
}

function align(rows: readonly string[][]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  return rows.map((row) =>
    `   ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}
