import { boundsOfDay, comparableMonths } from './months';
import { queryCases, queryWindow } from './partner-query';
import { halve, planDiscovery, type SyncWindow } from './sync-window';
import { formatInstant, formatLocalTime, zoneOf } from './zone-time';
import { backoffMs } from './backoff';

const ZONE = zoneOf('Asia/Shanghai');
const START = Date.parse('2022-12-31T16:00:00Z');

describe('the window that discovers', () => {
  const options = { firstStart: START, overlapMs: 3_600_000, now: START + 86_400_500 };

  it.each<[string, number | undefined, SyncWindow | undefined]>([
    ['is everything at first', undefined, { from: START, to: START + 86_400_000 }],
    ['overlaps the last one', START + 80_000_000, { from: START + 76_400_000, to: START + 86_400_000 }],
    ['does not reach back before the first', START + 1_000, { from: START, to: START + 86_400_000 }],
    ['is none when the clock was set back behind it', START + 90_000_001_000, undefined],
  ])('%s', (_name, readTo, window) => {
    expect(planDiscovery(options, readTo)).toEqual(window);
  });

  it('is none before the first start', () => {
    expect(planDiscovery({ ...options, now: START }, undefined)).toBeUndefined();
  });
});

describe('a window that is cut', () => {
  it('leaves no instant out, whether its ends are included or not, and ends at one second', () => {
    const leaves: SyncWindow[] = [];
    const cut = (window: SyncWindow): void => {
      const halves = halve(window);
      if (!halves) leaves.push(window);
      else {
        expect(halves[0].to - halves[1].from).toBeGreaterThanOrEqual(1_000);
        for (const half of halves) {
          expect(half.to - half.from).toBeLessThan(window.to - window.from);
          cut(half);
        }
      }
    };
    cut({ from: START, to: START + 61_000 });
    expect(Math.max(...leaves.map(({ from, to }) => to - from))).toBe(2_000);
    // Both ends excluded, every tenth of a second inside the window is inside a leaf.
    for (let instant = START + 100; instant < START + 61_000; instant += 100)
      expect(leaves.some(({ from, to }) => from < instant && instant < to)).toBe(true);
  });
});

describe('the partner is asked', () => {
  it('for a page of a window, with every field of the source', () => {
    expect(queryWindow('FW1000251', { from: START, to: START + 59_000 }, 3, ZONE)).toEqual({
      flowNo: '',
      firstLevelAgentNum: 'FW1000251',
      mercNum: '',
      flowStatus: '',
      createTimeBegin: '2023-01-01 00:00:00',
      createTimeEnd: '2023-01-01 00:00:59',
      beginLine: 3,
      pageSize: 20,
    });
  });

  it('for cases by their numbers', () => {
    expect(queryCases('FW1000251', ['1', '2'])).toMatchObject({
      flowNo: '1,2',
      createTimeBegin: '',
      beginLine: 1,
    });
  });
});

describe('months', () => {
  it('follow each other without a gap, over a new year and a leap day, up to yesterday', () => {
    const months = comparableMonths(
      Date.parse('2023-11-15T00:00:00+08:00'),
      Date.parse('2024-03-03T10:00:00+08:00'),
      ZONE,
    );
    expect(months.map(({ name, lastDay }) => [name, lastDay])).toEqual([
      ['2023-11-01', '2023-11-30'],
      ['2023-12-01', '2023-12-31'],
      ['2024-01-01', '2024-01-31'],
      ['2024-02-01', '2024-02-29'],
      ['2024-03-01', '2024-03-02'],
    ]);
    for (const [at, { window }] of months.entries())
      expect(window.to + 1_000).toBe(months[at + 1]?.window.from ?? window.to + 1_000);
    expect(formatLocalTime(months[0]!.window.from, ZONE)).toBe('2023-11-15 00:00:00');
    expect(formatLocalTime(months[3]!.window.to, ZONE)).toBe('2024-02-29 23:59:59');
  });

  it.each([
    [
      'the copy starts within a day: from the next',
      '2023-11-15T10:00:00+08:00',
      '2023-11-17T10:00:00+08:00',
      ['2023-11-16 00:00:00'],
    ],
    [
      'it is the first of a month',
      '2023-11-15T00:00:00+08:00',
      '2023-12-01T10:00:00+08:00',
      ['2023-11-15 00:00:00'],
    ],
    ['the copy starts today', '2023-11-15T00:00:00+08:00', '2023-11-15T10:00:00+08:00', []],
  ])('when %s', (_name, from, to, starts) => {
    const months = comparableMonths(Date.parse(from), Date.parse(to), ZONE);
    expect(months.map(({ window }) => formatLocalTime(window.from, ZONE))).toEqual(starts);
  });

  it.each([
    ['Asia/Shanghai', '2023-04-10', '2023-04-09T16:00:00.000Z', '2023-04-10T15:59:59.999Z'],
    ['America/New_York', '2023-11-05', '2023-11-05T04:00:00.000Z', '2023-11-06T04:59:59.999Z'],
    ['America/New_York', '2023-03-12', '2023-03-12T05:00:00.000Z', '2023-03-13T03:59:59.999Z'],
  ])('in %s the day %s lasts from %s to %s', (name, day, first, last) => {
    const bounds = boundsOfDay(day, zoneOf(name));
    expect([formatInstant(bounds.first), formatInstant(bounds.last)]).toEqual([first, last]);
  });
});

describe('the wait after failures', () => {
  const policy = { baseDelayMs: 500, maxDelayMs: 15_000 };
  it.each([
    [1, 0, 250],
    [1, 0.999999, 500],
    [2, 0.999999, 1_000],
    [5, 0, 4_000],
    [6, 0.999999, 15_000],
    [1_000_000, 0, 7_500],
  ])('the %d. lasts at random %d %d ms', (failures, random, ms) => {
    expect(backoffMs(failures, policy, random)).toBe(ms);
  });
});
