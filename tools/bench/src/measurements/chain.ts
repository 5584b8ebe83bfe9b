import { perEvent, type Figure, type Report } from '../report';
import { startChain, type Chain } from '../rig/chain';
import { Meter, percentile } from '../rig/meter';
import type { Rig } from '../rig/rig';
import { caseEvent, CASE_TOPIC } from '../workload/case-events';
import { fillTopic } from '../workload/fill-topic';
import { latenciesOf } from '../workload/latency';
import { nowMs, offer } from '../workload/offered-load';

const GOAL = 2_000;
/** A little above the goal, since what is measured ends with the last callback and not with the last event. */
const RATE = 2_200;
const SECONDS = 45;
const EVENTS = RATE * SECONDS;
const WARM_UP = 2_000;
/** As producers under load do (`linger.ms`): what is saved are requests, for the generator and for Kafka. */
const TICK_MS = 20;

/**
 * Upstream events to callbacks through everything: kyc-status-publisher, its relay, Kafka, money-plus-callback, the
 * receiver. First at a steady rate, which shows whether it keeps up; then as fast as it goes.
 */
export async function measureChain(rig: Rig): Promise<Report> {
  const events = rig.sized(EVENTS);
  const chain = await startChain(rig);
  // Other users than those measured, so that each of these has its two events.
  await fillTopic(rig.kafka, CASE_TOPIC, WARM_UP, (n) => caseEvent('submitted', events + n, new Date()));
  await chain.receiver.take(WARM_UP);
  const figures = [...(await steady(rig, chain, events)), await flatOut(rig, chain, events)];
  const memory = chain.memory.stop();
  return {
    measurement: 'chain: upstream events to callbacks, all on these cores',
    setup: [
      `offered: ${RATE} submitted cases a second for ${events / RATE} s, of 200,000 users, each causing one callback`,
      `flat out: ${events} approvals of these users at once`,
      `generator: kafkajs in the process of the benchmark, a produce every ${TICK_MS} ms; receiver: the simulators in quick mode`,
    ],
    figures,
    memory,
  };
}

async function steady(rig: Rig, chain: Chain, events: number): Promise<Figure[]> {
  rig.say(`offering ${RATE}/s for ${events / RATE} s`);
  const meter = Meter.start({ ...chain.watched, generator: process.pid });
  const startedAt = nowMs();
  const { sentAt, latestMs } = await offer(rig.kafka, {
    topic: CASE_TOPIC,
    rate: RATE,
    count: events,
    tickMs: TICK_MS,
    messageOf: (n) => caseEvent('submitted', n, new Date()),
  });
  await chain.receiver.settle(events);
  const { cpuSeconds } = meter.stop();
  const received = await chain.receiver.take(events);
  const lastAt = Math.max(...tail(received.map((one) => one.arrived_at)));
  const value = (received.length * 1000) / (lastAt - startedAt);
  const latencies = latenciesOf(sentAt, received);
  rig.say(`${Math.round(value)}/s; the generator was at most ${latestMs.toFixed(0)} ms late`);
  return [
    {
      what: `callbacks at ${RATE} events/s offered`,
      value,
      unit: '/s',
      goal: { text: `>= ${GOAL}/s sustained`, isMet: value >= GOAL },
      cpuUsPerEvent: perEvent(cpuSeconds, received.length),
    },
    { what: '  produce to whole body, p50', value: percentile(latencies, 0.5), unit: 'ms' },
    { what: '  produce to whole body, p95', value: percentile(latencies, 0.95), unit: 'ms' },
  ];
}

async function flatOut(rig: Rig, chain: Chain, events: number): Promise<Figure> {
  const meter = Meter.start({ ...chain.watched, generator: process.pid });
  const startedAt = nowMs();
  await fillTopic(rig.kafka, CASE_TOPIC, events, (n) => caseEvent('approved', n, new Date()));
  await chain.receiver.settle(events);
  const { cpuSeconds } = meter.stop();
  const received = await chain.receiver.take(events);
  const lastAt = Math.max(...tail(received.map((one) => one.arrived_at)));
  const value = (received.length * 1000) / (lastAt - startedAt);
  rig.say(`flat out: ${Math.round(value)}/s`);
  return {
    what: 'callbacks flat out',
    value,
    unit: '/s',
    goal: { text: `>= ${GOAL}/s`, isMet: value >= GOAL },
    cpuUsPerEvent: perEvent(cpuSeconds, received.length),
  };
}

/** The last arrivals: the latest of all is among them, and a call takes only so many arguments. */
function tail(arrivals: readonly number[]): readonly number[] {
  return arrivals.slice(-1_000);
}
