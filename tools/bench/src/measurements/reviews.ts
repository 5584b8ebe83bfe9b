import { join } from 'node:path';
import { LoadGenerator } from '../load/load-generator';
import type { Figure, Report } from '../report';
import { compete, CONNECTIONS } from '../rig/contest';
import { median } from '../rig/meter';
import type { RunningProgram } from '../rig/node-process';
import type { Rig } from '../rig/rig';
import { writePartners } from '../workload/partners';

const REQUESTS = 1_500;
const SHARE = 0.7;
const STEADY = { perSecond: 300, seconds: 10, turns: 3, connections: 64 };
const P99_MS = 50;

/**
 * review-notify-ingest beside two handlers of the same framework that validate and insert one row, one by the manuals and one
 * with all that makes ours fast; then its latency at a steady rate.
 */
export async function measureReviews(rig: Rig): Promise<Report> {
  await rig.pool.query(BARE_TABLE);
  const registry = writePartners(rig.around.directory);
  const ours = await rig.startService('review-notify-ingest', { PARTNER_REGISTRY_FILE: registry });
  const contest = { workload: 'review', requests: REQUESTS, ours, share: SHARE } as const;
  const against = async (name: string, what: string, from: number): Promise<Figure> => {
    const bare = await rig.start(name, join(__dirname, `../raw/${name}.js`), {
      DATABASE_URL: rig.databaseUrl,
    });
    const figure = await compete(rig, { ...contest, what, from, bare });
    await rig.stop(bare);
    return figure;
  };
  const beside = await against('plain-reviews', 'durable ingest beside plain Nest', 0);
  const ingest = await against('bare-reviews', 'durable ingest beside bare Nest', 100_000);
  const steady = await measureSteady(rig, ours);
  return {
    measurement: 'reviews: signed notifications, each another review',
    setup: [
      `${REQUESTS} notifications a turn, ${CONNECTIONS} connections; generator: undici in a process of its own`,
      'plain Nest: fastify, its ValidationPipe over the same class, one insert by a repository of TypeORM',
      'bare Nest: fastify, our compiled rules of that class, one insert by a named statement of the driver',
      'neither has signature, log, metrics, sealing, history or outbox. Ours also publishes to Kafka meanwhile.',
      `steady: ${STEADY.perSecond}/s for ${STEADY.seconds} s, sent on time; counted from the moment a request was due; ` +
        `median of ${STEADY.turns} turns`,
    ],
    figures: [beside, ingest, ...steady],
  };
}

async function measureSteady(rig: Rig, ours: RunningProgram): Promise<Figure[]> {
  const { perSecond, seconds, turns, connections } = STEADY;
  const generator = new LoadGenerator();
  const p50: number[] = [];
  const p99: number[] = [];
  try {
    for (let turn = 0; turn < turns; turn += 1) {
      const count = perSecond * seconds;
      const from = 1_000_000 + turn * count;
      const order = { url: ours.url, workload: 'review' as const, from, count, connections, perSecond };
      const result = await generator.run(order);
      p50.push(result.p50Ms);
      p99.push(result.p99Ms);
      rig.say(`steady: p50 ${result.p50Ms.toFixed(1)} ms, p99 ${result.p99Ms.toFixed(1)} ms`);
    }
  } finally {
    generator.stop();
  }
  const value = median(p99);
  return [
    { what: `p50 at ${perSecond}/s`, value: median(p50), unit: 'ms' },
    {
      what: `p99 at ${perSecond}/s`,
      value,
      unit: 'ms',
      goal: { text: `< ${P99_MS} ms`, isMet: value < P99_MS },
    },
  ];
}

const BARE_TABLE = `create table bare_reviews (
    id bigint generated always as identity primary key,
    institution_id text collate "C" not null,
    biz_type text collate "C" not null,
    biz_id text collate "C" not null,
    merchant_client_id text collate "C" not null,
    sub_client_id text collate "C" not null,
    status text not null,
    comment text not null,
    body jsonb not null,
    received_at timestamptz not null default now(),
    unique (biz_type, biz_id, institution_id)
  )`;
