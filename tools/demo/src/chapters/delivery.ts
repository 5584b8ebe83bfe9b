import type { Chapter, Line } from '../table';
import type { World } from '../world';

/** Money+ misbehaves, then behaves: what became of the task, and the class of each failed attempt. */
export async function tellDelivery(world: World): Promise<Chapter> {
  const lines: Line[] = [];
  await tellOutcomes(world, lines);
  await tellRefused(world, lines);
  await tellFailed(world, lines);
  await tellOrder(world, lines);
  const report = await world.simulators.check();
  lines.push({
    what: 'all callbacks of the story, in the receiver’s log',
    expected: 'in order per user, signed, one success an event',
    seen: report.holds ? 'in order per user, signed, one success an event' : JSON.stringify(report),
  });
  return { title: 'Callback outcomes', lines };
}

async function tellOutcomes(world: World, lines: Line[]): Promise<void> {
  const uid = world.user('outcomes');
  const rule = (behaviour: object): object => ({ match: { shopee_uid: uid }, behaviour, times: 1 });
  await world.simulators.rule([
    rule({ type: 'retcode', retcode: 7 }),
    rule({ type: 'http', status: 404 }),
    rule({ type: 'timeout' }),
    rule({ type: 'reset', when: 'after-body' }),
  ] as never);
  await world.subscribe(uid);
  await world.publish('kyc.case.submitted', { shopee_uid: uid, case_id: 'o1', level: 300 });
  await world.received(uid, 1, true);
  const task = await ended(world, uid);
  lines.push({
    what: 'retcode 7, 404, time-out, reset, then success',
    expected: 'DELIVERED after RETCODE HTTP_STATUS TIMEOUT RESET -',
    seen: task,
  });
}

/** The port of Money+ is closed for a while. */
async function tellRefused(world: World, lines: Line[]): Promise<void> {
  const uid = world.user('refused');
  const [endpoint] = (await world.simulators.info()).endpoints;
  const id = endpoint?.id ?? '';
  await world.subscribe(uid);
  await world.simulators.refuse(id);
  await world.publish('kyc.case.submitted', { shopee_uid: uid, case_id: 'r1', level: 300 });
  const [task] = await world.until(
    async () => await world.tasks(uid),
    ([one]) => one !== undefined && one.attempt_count > 0,
  );
  const { attempts } = await world.task(task?.task_id ?? '');
  await world.simulators.accept(id);
  await world.received(uid, 1, true);
  const end = await ended(world, uid);
  lines.push({
    what: 'connections refused, then accepted again',
    expected: 'CONNECT, then DELIVERED',
    seen: `${attempts[0]?.error ?? '-'}, then ${end.split(' ', 1)[0] ?? ''}`,
  });
}

async function tellFailed(world: World, lines: Line[]): Promise<void> {
  const uid = world.user('failed');
  await world.simulators.rule({
    id: `always-${uid}`,
    match: { shopee_uid: uid },
    behaviour: { type: 'http', status: 500 },
  });
  await world.subscribe(uid);
  await world.publish('kyc.case.submitted', { shopee_uid: uid, case_id: 'f1', level: 300 });
  const failed = await ended(world, uid);
  lines.push({
    what: 'HTTP 500 until max_attempts (5)',
    expected: 'FAILED after HTTP_STATUS HTTP_STATUS HTTP_STATUS HTTP_STATUS HTTP_STATUS',
    seen: failed,
  });
  await world.simulators.clearRules(`always-${uid}`);
  const [task] = await world.tasks(uid);
  const answer = await world.redrive(task?.task_id ?? '', 'Money+ is well again');
  await world.received(uid, 1, true);
  const redriven = await world.until(
    async () => await world.tasks(uid),
    ([one]) => one?.state === 'DELIVERED',
  );
  lines.push({
    what: 'redriven by an operator',
    expected: '202 DELIVERED',
    seen: `${answer.status} ${redriven[0]?.state ?? ''}`,
  });
}

/** A user whose head fails holds nobody else up, and their own order holds. */
async function tellOrder(world: World, lines: Line[]): Promise<void> {
  const slow = world.user('slow');
  const quick = world.user('quick');
  await world.simulators.rule({
    match: { shopee_uid: slow },
    behaviour: { type: 'http', status: 503 },
    times: 2,
  });
  for (const uid of [slow, quick]) {
    await world.subscribe(uid);
    await world.publish('kyc.case.submitted', { shopee_uid: uid, case_id: 'q1', level: 300 });
    await world.publish('kyc.case.approved', { shopee_uid: uid, case_id: 'q1', decided_by: 'AUTO' });
  }
  const ofQuick = await world.received(quick, 2, true);
  const ofSlow = await world.received(slow, 4);
  const versions = (of: { relay_version: number | null }[]): string =>
    of.map(({ relay_version: version }) => String(version)).join(' ');
  lines.push(
    { what: 'another user meanwhile', expected: 'versions 1 2', seen: `versions ${versions(ofQuick)}` },
    {
      what: 'the head fails twice, then in order',
      expected: 'versions 1 1 1 2',
      seen: `versions ${versions(ofSlow)}`,
    },
  );
}

async function ended(world: World, uid: string): Promise<string> {
  const [task] = await world.until(
    async () => await world.tasks(uid),
    ([one]) => one !== undefined && one.state !== 'PENDING',
    40_000,
  );
  if (!task) return 'no task';
  const { attempts } = await world.task(task.task_id);
  return `${task.state} after ${attempts.map(({ error }) => error ?? '-').join(' ')}`;
}
