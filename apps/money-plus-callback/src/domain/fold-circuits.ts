import { readSign, stepCircuit, type Circuit, type Sign } from './circuit';
import type { Verdict } from './judge-answer';

/** One attempt at an endpoint, as far as the circuit cares. Null verdict: a probe that was given back without an answer. */
export interface EndpointAttempt {
  isProbe: boolean;
  verdict: Verdict | null;
}

/** What a run of attempts leaves of a circuit. */
export interface FoldedCircuit {
  circuit: Circuit;
  /** Whether each attempt counts against its task, in the order given. */
  counted: boolean[];
  /** When the next probe is due, from now; null while closed, or when the attempts do not change it. */
  probeInMs: number | null;
}

/** Takes attempts at one endpoint into account, in the order in which they ended. */
export function foldCircuit(before: Circuit, attempts: readonly EndpointAttempt[]): FoldedCircuit {
  let circuit = before;
  let probeBack = false;
  const counted = attempts.map(({ isProbe, verdict }) => {
    const sign: Sign = verdict === null ? 'NONE' : readSign(verdict);
    const step = stepCircuit(circuit, sign, isProbe);
    circuit = step.circuit;
    probeBack ||= isProbe;
    return step.counted;
  });
  const reschedules = circuit.open && (!before.open || probeBack);
  return { circuit, counted, probeInMs: reschedules ? circuit.probeDelayMs : null };
}
