import { hopRaw } from '../raw/raw-hop';
import { perEvent, type Report } from '../report';
import { startChain } from '../rig/chain';
import { Meter, percentile } from '../rig/meter';
import type { Rig } from '../rig/rig';
import { caseEvent, CASE_TOPIC } from '../workload/case-events';
import { latenciesOf } from '../workload/latency';
import { offer } from '../workload/offered-load';

const RATE = 200;
const WARM_UP = RATE * 10;
const EVENTS = RATE * 40;
const HOP_EVENTS = RATE * 10;
const GOAL_MS = 30;

/** From the call of `produce` to the whole body at the receiver, at a rate that leaves the cores mostly idle. */
export async function measureLatency(rig: Rig): Promise<Report> {
  const events = rig.sized(EVENTS);
  const chain = await startChain(rig);
  const load = { topic: CASE_TOPIC, rate: RATE };
  await offer(rig.kafka, {
    ...load,
    count: WARM_UP,
    messageOf: (n) => caseEvent('submitted', events + n, new Date()),
  });
  await chain.receiver.take(WARM_UP);

  rig.say(`offering ${RATE}/s`);
  const meter = Meter.start({ ...chain.watched, generator: process.pid });
  const { sentAt, latestMs } = await offer(rig.kafka, {
    ...load,
    count: events,
    messageOf: (n) => caseEvent('submitted', n, new Date()),
  });
  const received = await chain.receiver.take(events);
  const { cpuSeconds } = meter.stop();
  const memory = chain.memory.stop();
  const latencies = latenciesOf(sentAt, received);
  const hop = await hopRaw(rig.kafka, { ...load, topic: 'bench.hop', count: rig.sized(HOP_EVENTS) });
  const rows: [string, number][] = [
    ['p50', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
  ];
  return {
    measurement: `latency: produce to the whole body at the receiver, at ${RATE} events/s`,
    setup: [
      `${events} submitted cases after ${WARM_UP} to warm up; the generator was at most ${latestMs.toFixed(0)} ms late`,
      'raw: one hop of kafkajs alone, from produce to eachBatch, at the same rate; ours are two hops, three commits',
      'and a signed call',
    ],
    figures: rows.map(([name, p]) => {
      const value = percentile(latencies, p);
      return {
        what: name,
        value,
        unit: 'ms',
        raw: { what: 'one bare hop', value: percentile(hop, p) },
        ...(p === 0.95 ? { goal: { text: `< ${GOAL_MS} ms`, isMet: value < GOAL_MS } } : {}),
        ...(p === 0.5 ? { cpuUsPerEvent: perEvent(cpuSeconds, events) } : {}),
      };
    }),
    memory,
  };
}
