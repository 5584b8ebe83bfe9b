import { setTimeout as delay } from 'node:timers/promises';
import { TOPICS } from '@kyc-relay/contracts';
import { consumeRaw } from '../raw/raw-consume';
import { writeRaw } from '../raw/raw-writes';
import { perEvent, type Figure, type Report } from '../report';
import { MemoryWatch, Meter } from '../rig/meter';
import type { Rig } from '../rig/rig';
import { caseEvent, CASE_TOPIC, type Round } from '../workload/case-events';
import { fillTopic } from '../workload/fill-topic';
import { seedUsers, USERS } from '../workload/users';

const GOAL = 10_000;
const LOOK_MS = 100;
const RAW_WRITES = 60_000;
/** Share of the events after which the clock starts: the service has joined its group and its code is warm. */
const WARM_UP = 0.1;

/** The real kyc-status-publisher on a topic that was filled before: inbox, record, history, outbox; the relay beside it. */
export async function measureConsumer(rig: Rig): Promise<Report> {
  const events = rig.sized(USERS);
  await seedUsers(rig.pool);
  const figures: Figure[] = [];
  const registry = rig.writeRegistry('http://127.0.0.1:9');
  let done = 0;
  let memory: Report['memory'];
  for (const round of ['submitted', 'approved'] as const) {
    rig.say(`filling the topic: ${events} × ${round}`);
    await fillTopic(rig.kafka, CASE_TOPIC, events, (n) => caseEvent(round, n, new Date()));
    const service = await rig.startService('kyc-status-publisher', { PARTNER_REGISTRY_FILE: registry });
    const watch = new MemoryWatch({ [service.name]: service.pid });
    figures.push(await measureRound(rig, service.pid, round, done, events));
    done += events;
    // Its stop waits for the relay's batch only; let it empty the outbox, so that the next round starts alike.
    await outboxEmpty(rig);
    memory = watch.stop();
    await rig.stop(service);
  }
  await requireAllApplied(rig, done);
  rig.say('raw ceilings');
  const rawRead = await consumeRaw(rig.kafka, CASE_TOPIC, done);
  const rawWrite = await writeRaw(rig.pool, rig.sized(RAW_WRITES));
  const sent = await rig.countMessages(TOPICS.kycUserEvents);
  for (const figure of figures) figure.raw = { what: 'bare writes', value: rawWrite };
  return {
    measurement: 'consumer: case events with inbox, record, history and outbox',
    setup: [
      `${USERS} users, all subscribed; ${events} of them each ${figures.length} events with fresh ids, all applied; ${sent} messages published`,
      'generator: the topic is filled before; receiver: none; the relay runs beside the consumer, in its process',
      `ceilings: kafkajs reads ${Math.round(rawRead)}/s without doing anything; bare writes are the same rows in the`,
      'same tables by statements that read, lock and decide nothing',
    ],
    figures,
    ...(memory ? { memory } : {}),
  };
}

async function measureRound(
  rig: Rig,
  pid: number,
  round: Round,
  before: number,
  share: number,
): Promise<Figure> {
  const target = before + share;
  let from = 0;
  while ((from = await countHistory(rig)) < before + share * WARM_UP) await delay(LOOK_MS);
  const meter = Meter.start({
    'kyc-status-publisher': pid,
    postgres: rig.around.postgresPid,
    kafka: rig.around.kafkaPid,
  });
  while ((await countHistory(rig)) < target) await delay(LOOK_MS);
  const { seconds, cpuSeconds } = meter.stop();
  const events = target - from;
  const value = events / seconds;
  rig.say(`${round}: ${Math.round(value)}/s`);
  return {
    what: `${round}, applied`,
    value,
    unit: '/s',
    goal: { text: `>= ${GOAL}/s`, isMet: value >= GOAL },
    cpuUsPerEvent: perEvent(cpuSeconds, events),
  };
}

/** By the last id, which costs nothing to read; ids have no gaps while nothing is rolled back, which is checked later. */
async function countHistory(rig: Rig): Promise<number> {
  const { rows } = await rig.pool.query<{ last: string | null }>(
    'select max(id) as last from kyc.user_history',
  );
  return Number(rows[0]?.last ?? 0);
}

async function outboxEmpty(rig: Rig): Promise<void> {
  for (;;) {
    const { rowCount } = await rig.pool.query('select from kyc.outbox limit 1');
    if (rowCount === 0) return;
    await delay(LOOK_MS);
  }
}

async function requireAllApplied(rig: Rig, events: number): Promise<void> {
  const { rows } = await rig.pool.query<{ decision: string; count: string }>(
    'select decision, count(*) from kyc.user_history group by decision',
  );
  const [only] = rows;
  if (rows.length !== 1 || only?.decision !== 'APPLIED' || Number(only.count) !== events)
    throw new Error(`not all events were applied: ${JSON.stringify(rows)}`);
}
