import { taskIdOf } from './task-id';

const EVENT = '0190d7a0-1234-7abc-8def-000000000001';

describe('taskIdOf', () => {
  it('is the same UUID for the same event and business, in any case of letters', () => {
    expect(taskIdOf(EVENT, 'MONEY_PLUS')).toBe(taskIdOf(EVENT.toUpperCase(), 'MONEY_PLUS'));
    expect(taskIdOf(EVENT, 'MONEY_PLUS')).toMatch(
      /^0190d7a0-1234-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('differs by business and by event', () => {
    const ids = [taskIdOf(EVENT, 'A'), taskIdOf(EVENT, 'B'), taskIdOf(EVENT.replace(/1$/, '2'), 'A')];
    expect(new Set(ids).size).toBe(3);
  });
});
