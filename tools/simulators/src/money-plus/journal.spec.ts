import { createHash } from 'node:crypto';
import { Journal } from './journal';
import { LineMerger } from './journal-file';
import type { Arrival, Ending } from './received-request';

function arrival(number: number, change: Partial<Arrival> = {}): Arrival {
  return {
    arrived_at: 1_666_755_263_000.125 + number,
    method: 'POST',
    path: '/money-plus/status',
    kind: 'status',
    biz_id: 'MONEY_PLUS',
    shopee_uid: `u${number}`,
    event_id: `event-${number}`,
    webhook_id: `event-${number}`,
    relay_version: number,
    attempt: 1,
    body_bytes: 300,
    body_sha256: createHash('sha256').update(String(number)).digest('hex'),
    body_complete: true,
    signature: 'valid',
    behaviour: 'ok',
    rule: null,
    ...change,
  };
}

const OPEN = { status: null, success: null, answered_wholly: null, bytes_written: null, ended_at: null };
const ENDING: Ending = { status: 200, success: true, answered_wholly: true, bytes_written: 13 };

test('gives back what was put in, over many rows', () => {
  const journal = new Journal();
  const rows = 40_000;
  for (let number = 0; number < rows; number += 1) journal.append(arrival(number));
  for (const number of [0, 1, 16_383, 16_384, 39_999]) {
    expect(journal.get(number)).toEqual({ ...arrival(number), ...OPEN, index: number });
  }
  expect([...journal.from(39_998)].map(({ index }) => index)).toEqual([39_998, 39_999]);
});

test('keeps what is missing apart from what is there', () => {
  const journal = new Journal();
  const bare = arrival(0, {
    biz_id: null,
    shopee_uid: null,
    event_id: null,
    webhook_id: null,
    relay_version: null,
    attempt: null,
    body_complete: false,
    signature: 'unchecked',
  });
  const whole = arrival(1, { rule: 'rule-1', body: '{"a":1}', headers: { host: 'h' }, shopee_uid: '张三' });
  journal.append(bare);
  journal.append(whole);
  expect(journal.get(0)).toEqual({ ...bare, ...OPEN, index: 0 });
  expect(journal.get(1)).toEqual({ ...whole, ...OPEN, index: 1 });
});

test('cuts texts of hostile length and keeps the next row whole', () => {
  const journal = new Journal();
  journal.append(arrival(0, { shopee_uid: '张'.repeat(5000) }));
  for (let number = 1; number < 9000; number += 1)
    journal.append(arrival(number, { shopee_uid: '张'.repeat(300) }));
  expect(journal.get(0).shopee_uid).toBe('张'.repeat(256));
  expect(journal.get(8999)).toMatchObject({ shopee_uid: '张'.repeat(256), event_id: 'event-8999' });
});

test('an ending is kept with its request', () => {
  const journal = new Journal();
  journal.append(arrival(0));
  journal.append(arrival(1));
  journal.end(1, { status: null, success: true, answered_wholly: false, bytes_written: 0 }, 7.5);
  journal.end(0, ENDING, 8.5);
  expect(journal.get(0)).toMatchObject({ ...ENDING, ended_at: 8.5 });
  expect(journal.get(1)).toMatchObject({
    status: null,
    success: true,
    answered_wholly: false,
    ended_at: 7.5,
  });
});

test('numbering goes on after all was forgotten, and a late ending of a forgotten request is dropped', () => {
  const journal = new Journal();
  journal.append(arrival(0));
  journal.clear();
  journal.end(0, ENDING, 1);
  expect([...journal.from(0)]).toEqual([]);
  expect(journal.append(arrival(5))).toBe(1);
  expect([...journal.from(0)]).toEqual([{ ...arrival(5), ...OPEN, index: 1 }]);
});

describe('the lines of a log file', () => {
  const line = (value: object): string => JSON.stringify(value);
  const arrived = (index: number, number: number): string =>
    line({ line: 'arrived', index, ...arrival(number) });
  const ended = (index: number): string => line({ line: 'ended', index, ...ENDING, ended_at: 9 });

  test('are put together in order of arrival; one that hangs stays open', () => {
    const merger = new LineMerger();
    [line({ line: 'started', at: 1 }), arrived(0, 0), arrived(1, 1), ended(1)].forEach((it) => {
      merger.add(it);
    });
    expect(merger.requests).toEqual([
      { ...arrival(0), ...OPEN, index: 0 },
      { ...arrival(1), ...ENDING, ended_at: 9, index: 1 },
    ]);
  });

  test('of a second run are numbered on, and a line cut by a kill is left out', () => {
    const merger = new LineMerger();
    [line({ line: 'started', at: 1 }), arrived(0, 0), '{"line":"ended","ind'].forEach((it) => {
      merger.add(it);
    });
    [line({ line: 'started', at: 2 }), arrived(0, 7), ended(0)].forEach((it) => {
      merger.add(it);
    });
    expect(merger.requests.map(({ index, event_id, success }) => [index, event_id, success])).toEqual([
      [0, 'event-0', null],
      [1, 'event-7', true],
    ]);
  });
});
