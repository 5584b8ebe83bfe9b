import { decideCancel, decideRedrives, type RedriveCandidate } from './operator-actions';

const task = (some: Partial<RedriveCandidate>): RedriveCandidate => ({
  taskId: 't',
  bizId: 'B',
  shopeeUid: 'u',
  kind: 'STATUS',
  state: 'FAILED',
  version: 1,
  superseded: false,
  hasBody: true,
  ...some,
});
const refusals = (tasks: RedriveCandidate[], force = false): unknown[] =>
  decideRedrives(tasks, force).map(({ refusal }) => refusal);

describe('decideRedrives', () => {
  it.each([
    [{ state: 'FAILED' }, false, null],
    [{ state: 'CANCELLED' }, false, null],
    [{ state: 'PENDING' }, false, 'callback.not-ended'],
    [{ state: 'PENDING' }, true, 'callback.not-ended'],
    [{ state: 'DELIVERED' }, true, 'callback.delivered'],
    [{ superseded: true }, false, 'callback.superseded'],
    [{ superseded: true }, true, null],
    [{ hasBody: false }, true, 'callback.body-purged'],
  ] as const)('of %j with force %p says %p', (some, force, expected) => {
    expect(refusals([task(some)], force)).toEqual([expected]);
  });

  it('redrives only the newest of several changes of one user and kind', () => {
    expect(refusals([task({ version: 1 }), task({ version: 3 }), task({ version: 2 })])).toEqual([
      'callback.superseded',
      null,
      'callback.superseded',
    ]);
  });

  it('redrives them all when forced', () => {
    expect(refusals([task({ version: 1 }), task({ version: 2 })], true)).toEqual([null, null]);
  });

  it('takes other users, kinds and businesses for no news', () => {
    const others = [
      task({ version: 2, shopeeUid: 'v' }),
      task({ version: 2, kind: 'INFO' }),
      task({ version: 2, bizId: 'C' }),
    ];
    expect(refusals([task({ version: 1 }), ...others])).toEqual([null, null, null, null]);
  });

  it('takes a later task that is refused itself for no news', () => {
    expect(refusals([task({ version: 1 }), task({ version: 2, hasBody: false })])).toEqual([
      null,
      'callback.body-purged',
    ]);
  });
});

describe('decideCancel', () => {
  it.each([
    ['PENDING', false, 'NOW'],
    ['PENDING', true, 'AFTER_CALL'],
    ['DELIVERED', false, 'callback.not-pending'],
    ['FAILED', false, 'callback.not-pending'],
    ['CANCELLED', false, 'callback.not-pending'],
  ] as const)('of a %s task, in a call: %p, says %s', (state, isInCall, expected) => {
    expect(decideCancel(state, isInCall)).toBe(expected);
  });
});
