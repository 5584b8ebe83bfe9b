import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { TOPICS } from '@kyc-relay/contracts';
import { signRequest } from '@kyc-relay/simulators';
import { postRaw } from '../raw/raw-post';
import { perEvent, type Figure, type Report } from '../report';
import { median, MemoryWatch, Meter } from '../rig/meter';
import { Receiver } from '../rig/receiver';
import { BUSINESS, type Rig } from '../rig/rig';
import { fillTopic } from '../workload/fill-topic';
import { statusChanged, USER_TOPIC } from '../workload/user-events';
import { uidOf } from '../workload/users';

const TASKS = 100_000;
const GOAL = 4_000;
const RAW_POSTS = 30_000;
const LOOK_MS = 100;
/** Share of the tasks after which the clock starts: the connections are open and the code is warm. */
const WARM_UP = 0.1;

/**
 * The real money-plus-callback takes in 100,000 status changes while Money+ refuses connections, and delivers them once it
 * is back. What counts as delivered is signed, answered, recorded, its lane moved on, and its end told on Kafka.
 */
export async function measureDelivery(rig: Rig): Promise<Report> {
  const tasks = rig.sized(TASKS);
  const rawPosts = rig.sized(RAW_POSTS);
  const receiver = await Receiver.start(rig);
  rig.say(`filling the topic: ${tasks} status changes`);
  await fillTopic(rig.kafka, USER_TOPIC, tasks, (n) => statusChanged(n, new Date()));
  await receiver.goDown();
  const registry = rig.writeRegistry(receiver.url);
  const service = await rig.startService('money-plus-callback', { PARTNER_REGISTRY_FILE: registry });
  const memory = new MemoryWatch({ [service.name]: service.pid });

  const intake = await measureIntake(rig, tasks, service.pid);
  const raw: number[] = [];
  const rawMeter = Meter.start({ 'undici alone': process.pid, receiver: receiver.program.pid });
  raw.push(await postRaw(signedPost(receiver.program.url, rawPosts)));
  const rawCpu = perEvent(rawMeter.stop().cpuSeconds, rawPosts);
  await receiver.clear();

  await receiver.comeUp();
  const delivered = await measureDrain(rig, tasks, service.pid, receiver.program.pid);
  const curves = memory.stop();
  await receiver.requireGood(tasks);
  raw.push(await postRaw(signedPost(receiver.program.url, rawPosts)));
  rig.say(`undici alone: ${raw.map(Math.round).join(', ')}/s`);
  return {
    measurement: 'delivery: a backlog of tasks to Money+',
    setup: [
      `${tasks} users, one callback each; taken in while Money+ refuses connections, delivered when it is back`,
      `${BUSINESS.connections} connections; every callback verified by the receiver, none lost, repeated or out of order`,
      `undici alone, before and after: ${rawPosts} posts of one callback's bytes, signed once, over as many connections`,
      'generator: the topic is filled before; receiver: the simulators in quick mode, see processor time',
    ],
    figures: [
      intake,
      {
        what: 'callbacks delivered, recorded and told',
        value: delivered.value,
        unit: '/s',
        raw: { what: 'undici alone', value: median(raw) },
        goal: { text: `>= ${GOAL}/s`, isMet: delivered.value >= GOAL },
        cpuUsPerEvent: { ...delivered.cpuUsPerEvent, ...rename(rawCpu) },
      },
    ],
    memory: curves,
  };
}

async function measureIntake(rig: Rig, tasks: number, pid: number): Promise<Figure> {
  let from = 0;
  while ((from = await countTasks(rig)) < tasks * WARM_UP) await delay(LOOK_MS);
  const meter = Meter.start(watched(rig, pid));
  while ((await countTasks(rig)) < tasks) await delay(LOOK_MS);
  const { seconds, cpuSeconds } = meter.stop();
  const value = (tasks - from) / seconds;
  rig.say(`tasks made: ${Math.round(value)}/s`);
  return {
    what: 'tasks made from status changes',
    value,
    unit: '/s',
    cpuUsPerEvent: perEvent(cpuSeconds, tasks - from),
  };
}

async function measureDrain(
  rig: Rig,
  tasks: number,
  pid: number,
  receiverPid: number,
): Promise<{ value: number; cpuUsPerEvent: Record<string, number> }> {
  const told = async (): Promise<number> => await rig.countMessages(TOPICS.moneyPlusCallbackFinished);
  let from = 0;
  while ((from = await told()) < tasks * WARM_UP) await delay(LOOK_MS);
  const meter = Meter.start({ ...watched(rig, pid), receiver: receiverPid });
  while ((await told()) < tasks) await delay(LOOK_MS);
  const { seconds, cpuSeconds } = meter.stop();
  const value = (tasks - from) / seconds;
  rig.say(`delivered: ${Math.round(value)}/s`);
  return { value, cpuUsPerEvent: perEvent(cpuSeconds, tasks - from) };
}

function watched(rig: Rig, pid: number): Record<string, number | undefined> {
  return { 'money-plus-callback': pid, postgres: rig.around.postgresPid, kafka: rig.around.kafkaPid };
}

function rename(rawCpu: Record<string, number>): Record<string, number> {
  return {
    'undici alone': rawCpu['undici alone'] ?? NaN,
    'its receiver': rawCpu['receiver'] ?? NaN,
  };
}

/** By the last position given, which costs nothing to read; one is made per task. */
async function countTasks(rig: Rig): Promise<number> {
  const { rows } = await rig.pool.query<{ count: string }>(
    'select case when is_called then last_value else 0 end as count from money_plus.task_positions',
  );
  return Number(rows[0]?.count ?? 0);
}

/** One callback's bytes and headers as money-plus-callback sends them, signed now: a receiver takes no old signature. */
function signedPost(receiverUrl: string, count: number): Parameters<typeof postRaw>[0] {
  const id = randomUUID();
  const body = JSON.stringify({
    event_id: id,
    biz_id: BUSINESS.bizId,
    shopee_uid: uidOf(0),
    spay_kyc_client_status: 3,
    spay_kyc_level: 300,
    is_meet_business: true,
    spay_reject_reason: '',
    spay_reject_reason_key: '',
    spay_delete_reason: '',
    spay_delete_reason_key: '',
    change_status_time: Math.floor(Date.now() / 1000),
  });
  return {
    url: `${receiverUrl}/money-plus/status`,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'kyc-relay',
      ...signRequest({ biz_id: BUSINESS.bizId, secret: BUSINESS.secret, content: body, webhook_id: id }),
      'X-Relay-Version': '1',
    },
    body,
    connections: BUSINESS.connections,
    count,
  };
}
