import { buildInfoBody } from './callback-body';
import { maskRepeated, personalValues } from './personal-values';

const CHANGES = {
  name: '张 "三"',
  phone: '+60119988776',
  gender: 'F',
  industry_code: 'I-04',
  address: '1 Road',
};
const body = Buffer.from(
  buildInfoBody({ event_id: 'e', shopee_uid: 'u', change_time: 1, changes: CHANGES }, 'B') ?? '',
);

describe('what a callback tells of a person', () => {
  it('is the changed fields of an info callback, the longest first, but for single letters', () => {
    expect(personalValues({ kind: 'INFO', body })).toEqual(['+60119988776', '1 Road', '张 "三"', 'I-04']);
  });

  it('is nothing in a status callback', () => {
    expect(personalValues({ kind: 'STATUS', body })).toEqual([]);
  });
});

describe("a receiver's words", () => {
  const values = personalValues({ kind: 'INFO', body });

  it.each([
    ['cannot take +60119988776', 'cannot take ********8776'],
    ['+60119988776, again +60119988776', '********8776, again ********8776'],
    ['{"name":"张 \\"三\\""}', '{"name":"*****"}'],
    ['{"name":"\\u5f20 \\"\\u4e09\\""}', '{"name":"*****"}'],
    ['{"retcode":7,"message":"F is no gender"}', '{"retcode":7,"message":"F is no gender"}'],
  ])('%j are kept as %j', (words, kept) => {
    expect(maskRepeated(words, values)).toBe(kept);
  });
});
