import { awaitState } from './await-state';
import { call, type Caller, type JsonAnswer } from './call';
import type { World } from './world';

/** One attempt, as the operator API shows it. */
export interface Attempt {
  number: number;
  started_at: string;
  duration_ms: number;
  http_status: number | null;
  retcode: number | null;
  error: string | null;
  response_prefix: string | null;
}

/** A callback task, as the operator API shows it. */
export interface Task {
  task_id: string;
  event_id: string;
  biz_id: string;
  shopee_uid: string;
  kind: 'STATUS' | 'INFO';
  state: 'PENDING' | 'DELIVERED' | 'FAILED' | 'CANCELLED';
  attempt_count: number;
  next_attempt_at: string | null;
  created_at: string;
  finished_at: string | null;
  attempts: Attempt[];
}

/** Asks the operator API of money-plus-callback, under `/v1/callback-tasks`. */
export async function askTasks(world: World, path: string, json?: unknown, as?: Caller): Promise<JsonAnswer> {
  return await call({
    url: world.url('money-plus-callback', `/v1/callback-tasks${path}`),
    ...(json !== undefined && { json }),
    as: as ?? world.as('operator'),
  });
}

/** The tasks of a user, newest first, without their attempts. */
export async function tasksOf(world: World, uid: string): Promise<Task[]> {
  const answer = await askTasks(world, `?shopee_uid=${uid}&limit=200`);
  if (answer.status !== 200) throw new Error(`the tasks were answered ${answer.status} ${answer.text}`);
  return answer.body['items'] as Task[];
}

/** A task with its attempts. */
export async function readTask(world: World, taskId: string): Promise<Task> {
  const answer = await askTasks(world, `/${taskId}`);
  if (answer.status !== 200) throw new Error(`the task was answered ${answer.status} ${answer.text}`);
  return answer.body as unknown as Task;
}

/** The newest task of a user with its attempts, once it is in this state. */
export async function newestTask(
  world: World,
  uid: string,
  state: Task['state'],
  timeoutMs = 15_000,
): Promise<Task> {
  return await awaitState(
    `the newest task of ${uid} in state ${state}`,
    async () => {
      const [newest] = await tasksOf(world, uid);
      return newest?.state === state && (await readTask(world, newest.task_id));
    },
    timeoutMs,
  );
}

/** The value of a metric of a service, summed over its series that have these labels; undefined where there is none. */
export async function readMetric(
  url: string,
  name: string,
  labels: Record<string, string> = {},
): Promise<number | undefined> {
  const { text } = await call({ url, as: 'nobody' });
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
