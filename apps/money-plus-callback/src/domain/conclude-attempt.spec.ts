import { concludeAttempt, type AttemptFacts } from './conclude-attempt';
import type { Verdict } from './judge-answer';

const policy = { maxAttempts: 3, baseDelayMs: 1000, maxDelayMs: 10_000 };
const failed: Verdict = {
  delivered: false,
  error: 'RETCODE',
  httpStatus: 200,
  retcode: 5,
  responsePrefix: '',
  final: false,
};
const delivered: Verdict = { ...failed, delivered: true, error: null, retcode: 0 };
const facts = (some: Partial<AttemptFacts>): AttemptFacts => ({
  verdict: failed,
  before: { counted: 0, recorded: 0, countedBefore: 0 },
  counted: true,
  cancelRequested: false,
  retryAfterMs: null,
  ...some,
});
const conclude = (some: Partial<AttemptFacts>): unknown => concludeAttempt(facts(some), policy, 0.5);

describe('concludeAttempt', () => {
  it('delivers, whatever else was asked meanwhile', () => {
    expect(conclude({ verdict: delivered, cancelRequested: true })).toEqual({ state: 'DELIVERED' });
    expect(conclude({ verdict: delivered, counted: false })).toEqual({ state: 'DELIVERED' });
  });

  it('waits with growing backoff until the attempts are used up', () => {
    const before = (counted: number): AttemptFacts['before'] => ({
      counted,
      recorded: counted,
      countedBefore: 0,
    });
    expect(conclude({ before: before(0) })).toEqual({ state: 'PENDING', waitMs: 500 });
    expect(conclude({ before: before(1) })).toEqual({ state: 'PENDING', waitMs: 1000 });
    expect(conclude({ before: before(2) })).toEqual({ state: 'FAILED' });
  });

  it('grants a redriven task as many attempts again, its backoff from the start', () => {
    expect(conclude({ before: { counted: 3, recorded: 5, countedBefore: 3 } })).toEqual({
      state: 'PENDING',
      waitMs: 500,
    });
    expect(conclude({ before: { counted: 5, recorded: 7, countedBefore: 3 } })).toEqual({ state: 'FAILED' });
  });

  it('fails at once at a final code', () => {
    expect(conclude({ verdict: { ...failed, final: true } })).toEqual({ state: 'FAILED' });
  });

  it('lets an attempt that does not count cost nothing, not even time', () => {
    const before = { counted: 2, recorded: 9, countedBefore: 0 };
    expect(conclude({ counted: false, before })).toEqual({ state: 'PENDING', waitMs: null });
  });

  it('ends a task whose cancel was asked for during the call', () => {
    expect(conclude({ cancelRequested: true })).toEqual({ state: 'CANCELLED' });
    expect(conclude({ cancelRequested: true, verdict: { ...failed, final: true } })).toEqual({
      state: 'CANCELLED',
    });
    expect(conclude({ cancelRequested: true, counted: false })).toEqual({ state: 'CANCELLED' });
  });

  it('honours what the receiver asked for', () => {
    expect(conclude({ retryAfterMs: 7_000 })).toEqual({ state: 'PENDING', waitMs: 7_000 });
    expect(conclude({ retryAfterMs: 99_000 })).toEqual({ state: 'PENDING', waitMs: 10_000 });
  });
});
