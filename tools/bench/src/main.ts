import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureChain } from './measurements/chain';
import { measureConsumer } from './measurements/consumer';
import { measureDelivery } from './measurements/delivery';
import { measureLatency } from './measurements/latency';
import { measurePayees } from './measurements/payees';
import { measureQuery } from './measurements/query';
import { measureRelay } from './measurements/relay';
import { measureReviews } from './measurements/reviews';
import { measureRiskPass } from './measurements/risk-pass';
import { measureRiskQuery } from './measurements/risk-query';
import { formatReport, type Report } from './report';
import { readLoad } from './rig/proc';
import { Rig } from './rig/rig';
import { settle } from './rig/settle';
import { readSurroundings } from './rig/surroundings';

/** What can be measured, in this order. */
const MEASUREMENTS: Readonly<Record<string, (rig: Rig) => Promise<Report>>> = {
  relay: measureRelay,
  consumer: measureConsumer,
  delivery: measureDelivery,
  chain: measureChain,
  latency: measureLatency,
  query: measureQuery,
  payees: measurePayees,
  reviews: measureReviews,
  'risk-pass': measureRiskPass,
  'risk-query': measureRiskQuery,
};

const USAGE = `npm run bench -- [${Object.keys(MEASUREMENTS).join('|')}]... [--profile] [--quick]
Without names: all. --profile writes a processor profile of each process to .cache/bench/profiles.
--quick takes a tenth of each load, to see that all works; its figures are rough.`;

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { profile: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(MEASUREMENTS);
  if (names.some((name) => !(name in MEASUREMENTS))) throw new Error(USAGE);
  const around = readSurroundings(process.env);
  const profileDirectory = values.profile ? join(around.results, 'profiles') : undefined;
  const say = (line: string): void => void process.stderr.write(`           ${line}\n`);
  const startedAt = new Date().toISOString();
  const reports: Report[] = [];
  for (const name of names) {
    say(`-- ${name}`);
    const rig = await Rig.open(name, around, { say, profileDirectory, isQuick: values.quick });
    try {
      await settle(around);
      const load = readLoad();
      const report = await MEASUREMENTS[name]?.(rig);
      if (!report) continue;
      report.setup.push(`load average before it: ${load.toFixed(1)}`);
      reports.push(report);
    } finally {
      await rig.close();
    }
  }
  for (const report of reports) process.stdout.write(formatReport(report));
  mkdirSync(around.results, { recursive: true });
  const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model };
  const file = join(around.results, `${startedAt.replaceAll(':', '-')}.json`);
  writeFileSync(file, JSON.stringify({ startedAt, machine, reports }, null, 2));
  process.stdout.write(`\nkept in ${file}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
