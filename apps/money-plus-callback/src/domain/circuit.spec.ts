import { CLOSED_CIRCUIT, FAILURES_TO_OPEN, readSign, stepCircuit, type Circuit } from './circuit';
import { foldCircuit, type EndpointAttempt } from './fold-circuits';
import type { ErrorClass, Verdict } from './judge-answer';

const verdict = (error: ErrorClass | null, httpStatus: number | null): Verdict => ({
  delivered: error === null,
  error,
  httpStatus,
  retcode: null,
  responsePrefix: null,
  final: false,
});
const down: EndpointAttempt = { isProbe: false, verdict: verdict('CONNECT', null) };
const up: EndpointAttempt = { isProbe: false, verdict: verdict('HTTP_STATUS', 500) };
const failedProbe: EndpointAttempt = { ...down, isProbe: true };
const OPEN: Circuit = { failures: 10, open: true, probeDelayMs: 1000 };

describe('readSign', () => {
  it.each([
    ['CONNECT', null, 'DOWN'],
    ['RESET', null, 'DOWN'],
    ['TLS', null, 'DOWN'],
    ['TIMEOUT', null, 'DOWN'],
    ['TIMEOUT', 200, 'DOWN'],
    ['HTTP_STATUS', 502, 'DOWN'],
    ['HTTP_STATUS', 503, 'DOWN'],
    ['HTTP_STATUS', 504, 'DOWN'],
    ['HTTP_STATUS', 500, 'UP'],
    ['HTTP_STATUS', 429, 'UP'],
    ['HTTP_STATUS', 404, 'UP'],
    ['REDIRECT', 302, 'UP'],
    ['RETCODE', 200, 'UP'],
    ['NOT_JSON', 200, 'UP'],
    ['TOO_LARGE', 200, 'UP'],
    ['BLOCKED_ADDRESS', null, 'NONE'],
    [null, 200, 'UP'],
  ] as const)('reads %s %p as %s', (error, status, sign) => {
    expect(readSign(verdict(error, status))).toBe(sign);
  });
});

describe('foldCircuit', () => {
  it('opens at the tenth outage in a row, all ten counted, and probes a second later', () => {
    const folded = foldCircuit(CLOSED_CIRCUIT, Array<EndpointAttempt>(FAILURES_TO_OPEN).fill(down));
    expect(folded.circuit).toEqual({ failures: 10, open: true, probeDelayMs: 1000 });
    expect(folded.counted).toEqual(Array(10).fill(true));
    expect(folded.probeInMs).toBe(1000);
  });

  it('stays closed when any other answer comes between', () => {
    const attempts = [...Array<EndpointAttempt>(9).fill(down), up, ...Array<EndpointAttempt>(9).fill(down)];
    expect(foldCircuit(CLOSED_CIRCUIT, attempts).circuit).toEqual({
      failures: 9,
      open: false,
      probeDelayMs: 0,
    });
  });

  it('goes on counting where an earlier run ended', () => {
    const nine = { failures: 9, open: false, probeDelayMs: 0 };
    expect(foldCircuit(nine, [down]).circuit.open).toBe(true);
  });

  it('does not count what fails in flight while open, and leaves the next probe where it is', () => {
    const folded = foldCircuit(OPEN, [down, down]);
    expect(folded.counted).toEqual([false, false]);
    expect(folded.circuit).toMatchObject({ open: true, probeDelayMs: 1000 });
    expect(folded.probeInMs).toBeNull();
  });

  it('closes at any other answer, in flight or probe, and counts it', () => {
    expect(foldCircuit(OPEN, [up])).toEqual({ circuit: CLOSED_CIRCUIT, counted: [true], probeInMs: null });
    expect(foldCircuit(OPEN, [{ ...up, isProbe: true }]).counted).toEqual([true]);
  });

  it('counts failures anew once closed', () => {
    const folded = foldCircuit(OPEN, [down, up, down]);
    expect(folded.counted).toEqual([false, true, true]);
    expect(folded.circuit).toEqual({ failures: 1, open: false, probeDelayMs: 0 });
  });

  it('slows probes from one a second to one in ten', () => {
    let circuit = OPEN;
    const delays = Array.from({ length: 14 }, () => {
      const folded = foldCircuit(circuit, [failedProbe]);
      expect(folded.counted).toEqual([false]);
      circuit = folded.circuit;
      return folded.probeInMs;
    });
    expect(delays[0]).toBe(1250);
    expect(delays.at(-1)).toBe(10_000);
    expect(delays).toEqual([...delays].sort((a, b) => (a ?? 0) - (b ?? 0)));
  });

  it('probes again as planned when a probe was withdrawn or blocked', () => {
    const folded = foldCircuit(OPEN, [{ isProbe: true, verdict: null }]);
    expect(folded).toEqual({ circuit: OPEN, counted: [false], probeInMs: 1000 });
  });

  it('takes a blocked address for no sign at all', () => {
    const blocked = { isProbe: false, verdict: verdict('BLOCKED_ADDRESS', null) };
    expect(foldCircuit({ failures: 9, open: false, probeDelayMs: 0 }, [blocked, down]).circuit.open).toBe(
      true,
    );
  });
});

describe('stepCircuit', () => {
  it('never counts a failed probe, also when the circuit closed meanwhile', () => {
    expect(stepCircuit(CLOSED_CIRCUIT, 'DOWN', true)).toMatchObject({
      counted: false,
      circuit: { failures: 1 },
    });
  });
});
