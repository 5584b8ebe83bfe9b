import { decideReadBack, MOST_EMPTIES, type ReadBack } from './read-back';

const FRESH: ReadBack = {
  flowNo: '1',
  agent: 'A',
  agentsLeft: [],
  round: 1,
  failures: 0,
  emptiesLeft: MOST_EMPTIES,
};

/** Goes on with the same result until it is over; the waits, and for whom was asked. */
function play(
  start: ReadBack,
  result: 'NOT_FOUND' | 'NOT_ANSWERED',
  most: number,
): { waits: number[]; agents: string[]; end?: string } {
  const waits: number[] = [];
  const agents: string[] = [];
  let state = start;
  for (let tries = 0; tries < most; tries += 1) {
    agents.push(state.agent);
    const step = decideReadBack(state, result);
    if (step.kind !== 'AGAIN') return { waits, agents, end: step.kind };
    waits.push(step.inMs);
    state = { ...state, ...step };
  }
  return { waits, agents };
}

describe('reading back what was pushed', () => {
  it('is over when the case is found', () => {
    expect(decideReadBack({ ...FRESH, failures: 7 }, 'FOUND')).toEqual({ kind: 'READ' });
  });

  it('goes on for as long as the partner does not answer, 1 s doubling to 15 s', () => {
    expect(play(FRESH, 'NOT_ANSWERED', 8)).toEqual({
      waits: [1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000],
      agents: Array(8).fill('A'),
    });
  });

  it('takes five empty answers for an answer', () => {
    expect(play(FRESH, 'NOT_FOUND', 9)).toEqual({
      waits: [1_000, 2_000, 4_000, 8_000],
      agents: Array(5).fill('A'),
      end: 'EMPTY',
    });
  });

  it('asks for every agent in turn where it is not known which one has the case', () => {
    const start = { ...FRESH, agentsLeft: ['B', 'C'], emptiesLeft: 3 * MOST_EMPTIES };
    const { waits, agents, end } = play(start, 'NOT_FOUND', 20);
    expect(agents.join('')).toBe('ABC'.repeat(5));
    expect(waits).toEqual([0, 0, 1_000, 0, 0, 2_000, 0, 0, 4_000, 0, 0, 8_000, 0, 0]);
    expect(end).toBe('EMPTY');
  });

  it('does not count failures as answers', () => {
    const step = decideReadBack({ ...FRESH, failures: 3, emptiesLeft: 2 }, 'NOT_ANSWERED');
    expect(step).toMatchObject({ failures: 4, emptiesLeft: 2 });
    expect(decideReadBack({ ...FRESH, failures: 4, emptiesLeft: 2 }, 'NOT_FOUND')).toMatchObject({
      failures: 0,
      emptiesLeft: 1,
    });
  });
});
