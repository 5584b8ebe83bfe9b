import type { Verdict } from './judge-answer';

/**
 * The circuit of one business's endpoint: whether it is worth calling at all.
 * Source: kyc-to-money-plus.md, "Callback to Money+", Order.
 */
export interface Circuit {
  /** Outage failures in a row, with no other answer between. */
  failures: number;
  open: boolean;
  /** How long to wait before the next probe; meaningful while open. */
  probeDelayMs: number;
}

/** What an attempt says of the endpoint: it is there, it is not, or nothing. */
export type Sign = 'UP' | 'DOWN' | 'NONE';

export const CLOSED_CIRCUIT: Circuit = { failures: 0, open: false, probeDelayMs: 0 };

/** Failures in a row that open a circuit. */
export const FAILURES_TO_OPEN = 10;
const FIRST_PROBE_DELAY_MS = 1_000;
const LAST_PROBE_DELAY_MS = 10_000;
/** Slow enough that a short outage is noticed as over within about a quarter of its length. */
const PROBE_SLOWDOWN = 1.25;

const OUTAGE_ERRORS: ReadonlySet<string> = new Set(['CONNECT', 'RESET', 'TLS', 'TIMEOUT']);
const OUTAGE_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** Reads the sign of a verdict. A blocked address is our own refusal to call, so it says nothing of the endpoint. */
export function readSign(verdict: Verdict): Sign {
  if (verdict.error === 'BLOCKED_ADDRESS') return 'NONE';
  if (verdict.error !== null && OUTAGE_ERRORS.has(verdict.error)) return 'DOWN';
  return verdict.httpStatus !== null && OUTAGE_STATUSES.has(verdict.httpStatus) ? 'DOWN' : 'UP';
}

/**
 * Takes one attempt into account, in the order in which attempts ended.
 * `counted` says whether the attempt counts against its task: what fails because the endpoint is known to be down
 * costs the task nothing; the failures that opened the circuit, and any real answer, do.
 */
export function stepCircuit(
  circuit: Circuit,
  sign: Sign,
  isProbe: boolean,
): { circuit: Circuit; counted: boolean } {
  switch (sign) {
    case 'UP':
      return { circuit: CLOSED_CIRCUIT, counted: true };
    case 'NONE':
      return { circuit, counted: !isProbe };
    case 'DOWN': {
      const failures = circuit.failures + 1;
      if (circuit.open) {
        const probeDelayMs = isProbe
          ? Math.min(LAST_PROBE_DELAY_MS, Math.round(circuit.probeDelayMs * PROBE_SLOWDOWN))
          : circuit.probeDelayMs;
        return { circuit: { failures, open: true, probeDelayMs }, counted: false };
      }
      if (failures < FAILURES_TO_OPEN) {
        return { circuit: { failures, open: false, probeDelayMs: 0 }, counted: !isProbe };
      }
      return { circuit: { failures, open: true, probeDelayMs: FIRST_PROBE_DELAY_MS }, counted: !isProbe };
    }
  }
}
