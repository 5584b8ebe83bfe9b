import { decideStep, type Arrival, type ReviewState, type StepDecision } from './decide-step';

const T0 = Date.parse('2022-10-26T00:00:00Z');
const HOUR = 3_600_000;

/** A message with a content, so many hours after the first. */
function arrival(content: string, hours = 0, client: Partial<Arrival> = {}): Arrival {
  return {
    merchantClientId: 'm',
    subClientId: 's',
    contentHash: content,
    receivedAt: new Date(T0 + hours * HOUR),
    ...client,
  };
}

/** What the messages are, one after the other. */
function decideAll(arrivals: readonly Arrival[]): StepDecision[] {
  let state: ReviewState | undefined;
  return arrivals.map((one) => {
    const decision = decideStep(state, one);
    if (decision.kind === 'STEP') state = decision.state;
    return decision;
  });
}

/** `3` for step 3, `=3` for a repeat of it, `<3` for a late one. */
function write(decision: StepDecision): string {
  switch (decision.kind) {
    case 'STEP':
      return String(decision.state.latest.sequence);
    case 'REPEAT':
      return `=${decision.sequence}`;
    case 'LATE_REPEAT':
      return `<${decision.sequence}`;
    case 'CONFLICT':
      return decision.field;
  }
}

describe('the messages of a review', () => {
  it.each<[what: string, arrivals: Arrival[], decided: string[]]>([
    ['the first is step 1', [arrival('PENDING')], ['1']],
    ['copies are repeats', [arrival('PENDING'), arrival('PENDING'), arrival('PENDING')], ['1', '=1', '=1']],
    [
      'a copy of the latest step is a repeat, however old',
      [arrival('PENDING'), arrival('PENDING', 1000)],
      ['1', '=1'],
    ],
    [
      'other content is the next step',
      [arrival('PENDING'), arrival('MODIFY', 1), arrival('PASS', 2)],
      ['1', '2', '3'],
    ],
    [
      'PENDING, MODIFY, PENDING over days are three',
      [arrival('PENDING'), arrival('MODIFY', 30), arrival('PENDING', 60)],
      ['1', '2', '3'],
    ],
    [
      'an older step again within a day is no step',
      [arrival('PENDING'), arrival('MODIFY', 1), arrival('PENDING', 2)],
      ['1', '2', '<1'],
    ],
    [
      'a late repeat changes nothing for the next',
      [
        arrival('PENDING'),
        arrival('MODIFY', 1),
        arrival('PENDING', 2),
        arrival('MODIFY', 3),
        arrival('PASS', 4),
      ],
      ['1', '2', '<1', '=2', '3'],
    ],
    [
      'a day later to the millisecond it is still late',
      [arrival('PENDING'), arrival('MODIFY', 1), arrival('PENDING', 24)],
      ['1', '2', '<1'],
    ],
    [
      'beyond a day it is a step',
      [arrival('PENDING'), arrival('MODIFY', 1), arrival('PENDING', 24 + 1 / HOUR)],
      ['1', '2', '3'],
    ],
    [
      'of two equal older steps the newer one is repeated',
      [arrival('A'), arrival('B', 1), arrival('A', 30), arrival('C', 31), arrival('A', 32)],
      ['1', '2', '3', '4', '<3'],
    ],
    [
      'another merchantClientId is refused',
      [arrival('A'), arrival('B', 1, { merchantClientId: 'x' })],
      ['1', 'merchantClientId'],
    ],
    [
      'another subClientId is refused',
      [arrival('A'), arrival('B', 1, { subClientId: 'x' })],
      ['1', 'subClientId'],
    ],
    [
      'a refused message leaves the review as it is',
      [arrival('A'), arrival('B', 1, { subClientId: 'x' }), arrival('A', 2), arrival('B', 3)],
      ['1', 'subClientId', '=1', '2'],
    ],
  ])('%s', (_, arrivals, decided) => {
    expect(decideAll(arrivals).map(write)).toEqual(decided);
  });

  it('keep when the first one came', () => {
    const [first, second] = decideAll([arrival('A'), arrival('B', 5)]);
    expect(first).toMatchObject({
      state: { firstSeenAt: new Date(T0), latest: { receivedAt: new Date(T0) } },
    });
    expect(second).toMatchObject({
      state: { firstSeenAt: new Date(T0), latest: { receivedAt: new Date(T0 + 5 * HOUR) } },
    });
  });
});
