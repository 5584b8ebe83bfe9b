import { readRetryAfter } from './read-retry-after';

const NOW = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

describe('readRetryAfter', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5_000],
    ['Wed, 21 Oct 2026 07:28:30 GMT', 30_000],
    ['Wednesday, 21-Oct-26 07:28:30 GMT', 30_000],
    ['Wed, 21 Oct 2026 07:27:00 GMT', 0],
    [undefined, null],
    ['', null],
    ['-1', null],
    ['1.5', null],
    ['1e3', null],
    ['99999999999', null],
    ['soon', null],
    ['2026-10-21T07:28:30Z', null],
    ['Wed, 99 Oct 2026 07:28:30 GMT', null],
  ])('reads %j as %p', (header, expected) => {
    expect(readRetryAfter(header, NOW)).toBe(expected);
  });
});
