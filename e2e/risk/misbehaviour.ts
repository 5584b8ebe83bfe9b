import { generateCases, type Acquirer, type AcquirerCase, type Fault } from '@kyc-relay/simulators';
import type { Seeded } from '../world/seeded';
import { awaitState } from '../world/await-state';

const PATIENCE_MS = 60_000;
const STATUSES = ['DTJ', 'DSH', 'HT', 'SHTG', 'NEU'];
const SHANGHAI_MS = 8 * 3_600_000;

/** What the acquirer does wrong, each to a small share of the requests. */
const FAULTS: readonly Fault[] = [
  { type: 'fail-99' },
  { type: 'http', status: 500 },
  { type: 'invalid-json' },
  { type: 'slow', ms: 200 },
  { type: 'slow', ms: 1_500 },
  { type: 'drop' },
  { type: 'half-answer' },
  { type: 'redirect' },
  { type: 'wrong-total', by: -1 },
  { type: 'wrong-total', by: 700_000_000 },
  { type: 'repeat-row' },
];

/** An acquirer on its worst day, until {@link calmDown}. */
export function misbehave(acquirer: Acquirer, seed: number): void {
  acquirer.faults.seed(seed);
  for (const fault of FAULTS) acquirer.faults.add({ fault, share: 0.02 });
  acquirer.faults.add({ fault: { type: 'shift' }, share: 0.03, by: 'window' });
  acquirer.outage = false;
}

/** From now on it answers well. */
export function calmDown(acquirer: Acquirer): void {
  acquirer.faults.clear();
  acquirer.outage = false;
  acquirer.latencyMs = 0;
}

/** Waits for so many more requests, and meanwhile lets cases change and come. */
export async function workOn(
  acquirer: Acquirer,
  agent: string,
  requests: number,
  seeded: Seeded,
): Promise<void> {
  const until = acquirer.requests.length + requests;
  await awaitState(`${until} requests`, () => acquirer.requests.length >= until, PATIENCE_MS);
  const all = acquirer.cases.all();
  for (let change = 0; change < 15; change += 1) {
    const flowNo = String(seeded.pick(all)['flowNo']);
    acquirer.cases.change(flowNo, { flowStatus: seeded.pick(STATUSES), note: String(seeded.below(1_000)) });
  }
  acquirer.cases.put(casesOfNow(agent, 3, until));
}

/** Cases that are created this second, as the acquirer's clock has it. */
export function casesOfNow(agent: string, count: number, seed: number): AcquirerCase[] {
  const now = new Date(Date.now() + SHANGHAI_MS).toISOString().slice(0, 19).replace('T', ' ');
  return generateCases({ count, seed, agent, from: now, to: now }).map((one, at) => ({
    ...one,
    flowNo: `NEW${seed}.${at}`,
  }));
}
