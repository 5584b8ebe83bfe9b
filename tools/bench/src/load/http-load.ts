import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { percentile } from '../rig/meter';
import { WORKLOADS, type WorkloadName } from '../workload/requests';

/** What a load generator is told to do. */
export interface LoadOrder {
  url: string;
  workload: WorkloadName;
  /** The numbers of the requests: from this one on, so many. */
  from: number;
  count: number;
  /** Requests under way at once, each on a connection of its own. */
  connections: number;
  /** Requests a second, sent on time whatever the answers do; absent: the next one follows an answer. */
  perSecond?: number;
}

/** What came of it; every request was answered as it must be. */
export interface LoadResult {
  seconds: number;
  /** From the moment a request was due to the end of its answer. */
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Processor time of the generator, without the making of the bodies. */
  cpuSeconds: number;
}

/** Generates load in a process of its own, so that what it costs can be told apart. */
async function load(order: LoadOrder): Promise<LoadResult> {
  const { path, bodyOf, isRight } = WORKLOADS[order.workload];
  const bodies = Array.from({ length: order.count }, (_, index) => bodyOf(order.from + index));
  const pool = new Pool(order.url, { connections: order.connections, pipelining: 1 });
  const latencies: number[] = [];
  const send = async (body: string, dueAt: number): Promise<void> => {
    const answer = await pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200 || !isRight(text))
      throw new Error(`${order.workload} was answered ${answer.statusCode}: ${text.slice(0, 200)}`);
    latencies.push(performance.now() - dueAt);
  };
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  if (order.perSecond === undefined) await sendInTurn(bodies, order.connections, send);
  else await sendOnTime(bodies, order.perSecond, send);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  await pool.close();
  latencies.sort((a, b) => a - b);
  return {
    seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    maxMs: latencies.at(-1) ?? NaN,
    cpuSeconds: (user + system) / 1e6,
  };
}

type Send = (body: string, dueAt: number) => Promise<void>;

async function sendInTurn(bodies: readonly string[], connections: number, send: Send): Promise<void> {
  const queue = bodies.values();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (const body of queue) await send(body, performance.now());
    }),
  );
}

async function sendOnTime(bodies: readonly string[], perSecond: number, send: Send): Promise<void> {
  const startedAt = performance.now();
  const underWay: Promise<void>[] = [];
  for (const [index, body] of bodies.entries()) {
    const dueAt = startedAt + (index * 1000) / perSecond;
    const early = dueAt - performance.now();
    if (early > 0) await delay(early);
    underWay.push(send(body, dueAt));
  }
  await Promise.all(underWay);
}

process.on('message', (order: LoadOrder) => {
  load(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
