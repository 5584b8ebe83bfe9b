import type { TopicMessage } from '../world/topic-log';

/** What is published of a change, as far as the tests look at it. */
export interface CaseChanged {
  event_id: string;
  flowNo: string;
  firstLevelAgentNum: string;
  version: number;
  source: 'PULL' | 'PUSH';
  observed_at: string;
  changes: { what: string; field: string | null; from: unknown; to: unknown }[];
  case: Record<string, unknown>;
}

/** What was told, by case and in order; a copy of a message counts once, and must be the same to the byte. */
export function toldOf(messages: readonly TopicMessage[]): Map<string, CaseChanged[]> {
  const values = new Map<string, string>();
  const told = new Map<string, CaseChanged[]>();
  for (const { key, value, headers } of messages) {
    const id = headers['ce_id'] ?? '';
    const known = values.get(id);
    expect(known ?? value).toBe(value);
    if (known !== undefined) continue;
    values.set(id, value);
    const change = JSON.parse(value) as CaseChanged;
    expect([change.event_id, change.flowNo]).toEqual([id, key]);
    told.set(change.flowNo, [...(told.get(change.flowNo) ?? []), change]);
  }
  return told;
}

/** Versions without gaps, each change once: every step goes on where the one before it ended. */
export function judgeSteps(steps: readonly CaseChanged[]): void {
  expect(steps.map(({ version }) => version)).toEqual(steps.map((_, index) => index + 1));
  expect(steps[0]?.changes).toEqual([{ what: 'OPENED', field: null, from: null, to: null }]);
  for (const [index, { changes, case: now }] of steps.entries()) {
    const before = steps[index - 1]?.case;
    if (!before) continue;
    expect(changes.length).toBeGreaterThan(0);
    for (const { field, from, to } of changes) {
      expect([field, from]).toEqual([field, before[field ?? ''] ?? null]);
      expect([field, to]).toEqual([field, now[field ?? ''] ?? null]);
      expect(from).not.toEqual(to);
    }
  }
}

/** In no stretch of time more requests than the rate gives, a bucket of one second full before it. */
export function judgeRate(times: readonly number[], perSecond: number): void {
  for (const [first, start] of times.entries())
    for (const count of [perSecond + 2, 2 * perSecond, 5 * perSecond]) {
      const end = times[first + count - 1];
      if (end === undefined) continue;
      // The way from the token to the partner takes some milliseconds more or less.
      expect(count).toBeLessThanOrEqual(perSecond * ((end - start) / 1_000 + 0.3) + perSecond);
    }
}
