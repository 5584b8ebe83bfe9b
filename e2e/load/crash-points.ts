import { awaitState } from '../world/await-state';
import type { Seeded } from '../world/seeded';
import { TOPICS, type ServiceName, type World } from '../world/world';
import type { Load } from './load';

/** What is killed. */
export type Victim = ServiceName | 'kafka' | 'postgres';

/** A moment at which something is killed, known by what can be seen from outside. */
export interface CrashPoint {
  name: string;
  victim: Victim;
  /** Whether an answer of Money+ may then be lost before it was noted. */
  losesAnswers: boolean;
  /** Resolves at the moment. */
  moment: (world: World, load: Load, seeded: Seeded) => Promise<void>;
}

/** A seeded number of callbacks later. */
async function someArrivals(_world: World, { arrivals }: Load, seeded: Seeded): Promise<void> {
  const goal = arrivals.count + 20 + seeded.below(150);
  await awaitState('load arrives', () => arrivals.count >= goal);
}

/** While Money+ holds a call open, having read all of it. */
async function inACall(world: World, load: Load, seeded: Seeded): Promise<void> {
  await someArrivals(world, load, seeded);
  world.moneyPlus.rule({ behaviour: { type: 'timeout', after_ms: 300 }, times: 20 });
  await world.moneyPlus.waitFor(
    { filter: { behaviour: 'timeout', since: world.moneyPlus.nextIndex }, count: 5 },
    10_000,
  );
}

/** Just after Money+ has answered with success. */
async function afterAnAnswer(world: World, load: Load, seeded: Seeded): Promise<void> {
  await someArrivals(world, load, seeded);
  await world.moneyPlus.waitFor({ filter: { success: true, since: world.moneyPlus.nextIndex } }, 10_000);
}

/** Just after a change was seen on the topic between the services: sent, and perhaps not yet struck off. */
async function afterARelay(world: World, load: Load, seeded: Seeded): Promise<void> {
  await someArrivals(world, load, seeded);
  const before = world.topics.of(TOPICS.userEvents).length;
  await awaitState('a change is relayed', () => world.topics.of(TOPICS.userEvents).length > before);
}

/** The crash points, by name. */
export const CRASH_POINTS: readonly CrashPoint[] = [
  {
    name: 'intake killed among its chunks',
    victim: 'kyc-status-publisher',
    losesAnswers: false,
    moment: someArrivals,
  },
  {
    name: 'intake killed between relaying and striking off',
    victim: 'kyc-status-publisher',
    losesAnswers: false,
    moment: afterARelay,
  },
  {
    name: 'phone consumer killed among its chunks',
    victim: 'ekyc-phone-change-consumer',
    losesAnswers: false,
    moment: someArrivals,
  },
  {
    name: 'delivery killed as it takes a change in',
    victim: 'money-plus-callback',
    losesAnswers: true,
    moment: afterARelay,
  },
  { name: 'delivery killed in a call', victim: 'money-plus-callback', losesAnswers: true, moment: inACall },
  {
    name: 'delivery killed between an answer and its commit',
    victim: 'money-plus-callback',
    losesAnswers: true,
    moment: afterAnAnswer,
  },
  { name: 'Kafka killed under load', victim: 'kafka', losesAnswers: false, moment: someArrivals },
  { name: 'Postgres killed under load', victim: 'postgres', losesAnswers: true, moment: someArrivals },
  {
    name: 'Postgres killed between an answer and its commit',
    victim: 'postgres',
    losesAnswers: true,
    moment: afterAnAnswer,
  },
];

/** The pid of a victim now; of a service one of its replicas. */
export function pidOf(world: World, victim: Victim, replica: number): number {
  const { stack } = world;
  const pid =
    victim === 'kafka' || victim === 'postgres' ? stack[victim].pid : stack.services[victim]?.[replica]?.pid;
  if (typeof pid !== 'number') throw new Error(`${victim} is not ours to kill`);
  return pid;
}
