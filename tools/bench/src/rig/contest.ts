import { LoadGenerator } from '../load/load-generator';
import type { WorkloadName } from '../workload/requests';
import { perEvent, type Figure } from '../report';
import { median, Meter } from './meter';
import type { RunningProgram } from './node-process';
import type { Rig } from './rig';

/** Ours and the bare one take turns, short ones, so that both see the same machine. */
const TURNS = 15;
/** Requests that each is sent before the first turn, as turns: for warm code and caches. */
const WARM_UP = 2;
/** Requests under way at once. */
export const CONNECTIONS = 32;

/** What two programs are compared by. */
export interface Contest {
  what: string;
  workload: WorkloadName;
  /** Requests of a turn. */
  requests: number;
  /** The first request's number. */
  from: number;
  ours: RunningProgram;
  bare: RunningProgram;
  /** Part of the bare one's rate that ours shall reach. */
  share: number;
}

/** Sends the same requests to ours and to the bare one in turns. */
export async function compete(rig: Rig, contest: Contest): Promise<Figure> {
  const { what, workload, requests, ours, bare, share } = contest;
  const generator = new LoadGenerator();
  const rates = new Map<RunningProgram, number[]>([
    [ours, []],
    [bare, []],
  ]);
  const cpu: Record<string, number> = {};
  let from = contest.from;
  try {
    const turns = [WARM_UP, ...Array.from({ length: TURNS }, () => 1)];
    for (const [turn, part] of turns.entries()) {
      const count = Math.round(requests * part);
      // Who begins changes from turn to turn: what one leaves behind in the store is not always the other's.
      for (const program of turn % 2 === 0 ? [ours, bare] : [bare, ours]) {
        const meter = Meter.start({
          [program.name]: program.pid,
          postgres: rig.around.postgresPid,
          kafka: rig.around.kafkaPid,
        });
        const order = { url: program.url, workload, from, count, connections: CONNECTIONS };
        const result = await generator.run(order);
        const { cpuSeconds } = meter.stop();
        if (turn === 0) continue;
        rates.get(program)?.push(count / result.seconds);
        rig.say(`${what}, ${program.name}: ${Math.round(count / result.seconds)}/s`);
        const kind = program === ours ? '' : ' (bare)';
        const spent = { ...cpuSeconds, generator: result.cpuSeconds };
        for (const [name, value] of Object.entries(spent)) {
          const label = name === program.name ? name : name + kind;
          cpu[label] = (cpu[label] ?? 0) + value;
        }
      }
      from += count;
    }
  } finally {
    generator.stop();
  }
  const our = rates.get(ours) ?? [];
  const theirs = rates.get(bare) ?? [];
  // Neighbours are compared with each other: what else the machine does weighs on both.
  const ratio = median(our.map((rate, turn) => rate / (theirs[turn] ?? NaN)));
  return {
    what,
    value: median(our),
    unit: '/s',
    raw: { what: bare.name, value: median(theirs) },
    goal: {
      text: `>= ${share * 100} % of bare, turn by turn ${(ratio * 100).toFixed(0)} %`,
      isMet: ratio >= share,
    },
    cpuUsPerEvent: perEvent(cpu, requests * TURNS),
  };
}
