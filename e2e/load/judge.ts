import {
  checkDelivery,
  readJournalFile,
  type DeliveryReport,
  type ReceivedRequest,
} from '@kyc-relay/simulators';
import { awaitState } from '../world/await-state';
import type { World } from '../world/world';
import { valueOf } from './arrivals';
import type { Load } from './load';

/** A time in which a success may have been answered without being noted, ms since the epoch. */
export interface Window {
  from: number;
  to: number;
}

const PATIENCE_MS = 30_000;

/** Waits until everything that was published has arrived; says whose changes are missing when it does not. */
export async function awaitAll({ users, arrivals }: Load): Promise<void> {
  const missing = (): string[] => {
    arrivals.update();
    return users.flatMap(({ user, names, phones }) =>
      [...names, ...phones]
        .filter((value) => arrivals.timeOf(user.uid, value) === undefined)
        .map((value) => `${user.uid} ${value}`),
    );
  };
  await awaitState('all changes arrive', () => missing().length === 0, PATIENCE_MS).catch(() => {
    throw new Error(`these changes never arrived: ${missing().slice(0, 20).join(', ')}`);
  });
}

/**
 * Judges the receiver's own log: every change arrived, in the order of each user, signed, each event with one success
 * (in a window perhaps a second one), every repeat with the same id and bytes.
 */
export async function judge(world: World, load: Load, windows: Window[]): Promise<DeliveryReport> {
  const log = await awaitState('the log is written', async () => {
    const lines = await readJournalFile(world.receivedFile);
    return lines.length === world.moneyPlus.nextIndex && lines;
  });
  const told = new Map<string, { names: string[]; phones: string[] }>();
  const taken = new Set<string>();
  for (const request of log) {
    const value = valueOf(request);
    if (request.success !== true || value === undefined || taken.has(request.event_id ?? '')) continue;
    taken.add(request.event_id ?? '');
    const ofUser = told.get(request.shopee_uid ?? '') ?? { names: [], phones: [] };
    told.set(request.shopee_uid ?? '', ofUser);
    (value.startsWith('name') ? ofUser.names : ofUser.phones).push(value);
  }
  for (const { user, names, phones } of load.users)
    expect({ uid: user.uid, ...told.get(user.uid) }).toEqual({ uid: user.uid, names, phones });
  const report = checkDelivery(log, { crash_windows: windows });
  expect({ ...report, repeats: describeRepeats(log, report) }).toMatchObject({
    invalid_signatures: [],
    unversioned: [],
    order_violations: [],
    repeated_successes: [],
    changed_repeats: [],
    repeats: [],
    holds: true,
  });
  return report;
}

/** For the message of a failure: when a repeated success was answered. */
function describeRepeats(log: ReceivedRequest[], report: DeliveryReport): unknown[] {
  return report.repeated_successes.map(({ first_index, index }) => ({
    first: log[first_index]?.ended_at,
    again: log[index]?.arrived_at,
  }));
}
