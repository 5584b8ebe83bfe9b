/** A case that is to be asked for because of a push. */
export interface ReadBack {
  flowNo: string;
  /** The agent it is asked for now. */
  agent: string;
  /** Others to be tried when this one has none of that number; empty where the agent is known. */
  agentsLeft: readonly string[];
  /** Which push it is for; a later one makes the reading of an earlier one worthless. */
  round: number;
  /** Failures in a row. */
  failures: number;
  /** Empty answers that are still to be waited for. */
  emptiesLeft: number;
}

/** What follows from one attempt: it is over, found or not; or it is tried again, maybe for another agent. */
export type ReadBackStep =
  | { kind: 'READ' | 'EMPTY' }
  | {
      kind: 'AGAIN';
      agent: string;
      agentsLeft: readonly string[];
      failures: number;
      emptiesLeft: number;
      inMs: number;
    };

/** Empty answers after which a push is kept without an event (risk-cases.md, Push). */
export const MOST_EMPTIES = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/**
 * Decides what follows from an attempt to read a case back (risk-cases.md, Push): until the partner answers it is tried
 * again after 1 s, doubling to 15 s; an answer without the case is an answer, of which five are waited for, of each agent.
 */
export function decideReadBack(
  before: ReadBack,
  result: 'FOUND' | 'NOT_FOUND' | 'NOT_ANSWERED',
): ReadBackStep {
  const { agent, agentsLeft, failures, emptiesLeft } = before;
  if (result === 'FOUND') return { kind: 'READ' };
  if (result === 'NOT_ANSWERED')
    return { kind: 'AGAIN', agent, agentsLeft, emptiesLeft, failures: failures + 1, inMs: waitMs(failures) };
  if (emptiesLeft <= 1) return { kind: 'EMPTY' };
  const [next, ...rest] = [...agentsLeft, agent];
  const rounds = agentsLeft.length + 1;
  const emptied = MOST_EMPTIES * rounds - emptiesLeft + 1;
  // Every agent is asked before any wait.
  const inMs = emptied % rounds === 0 ? waitMs(emptied / rounds - 1) : 0;
  return { kind: 'AGAIN', agent: next, agentsLeft: rest, failures: 0, emptiesLeft: emptiesLeft - 1, inMs };
}

function waitMs(before: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(before, 10));
}
