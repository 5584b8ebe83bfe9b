import { eventually } from './eventually';

/** Longest time of a test or hook of an integration test file. */
const TEST_LIMIT_MS = 60_000;
const CLOSED_WITHIN_MS = 5_000;

/** What a test file has opened, and how each of it is closed. */
export interface Cleanup {
  /** Says how to undo something; undone in reverse order at the end of the file, whether tests passed or not. */
  defer(undo: () => unknown): void;
}

/**
 * Call once at the top of an integration test file: after its tests everything deferred is undone, all of it even when a
 * step fails, and then a connection or listener that is still open fails the file.
 */
export function useCleanup(): Cleanup {
  jest.setTimeout(TEST_LIMIT_MS);
  const before = countSockets();
  const steps: (() => unknown)[] = [];
  afterAll(async () => {
    const errors: unknown[] = [];
    for (const undo of steps.reverse()) {
      try {
        await undo();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('\n'));
    await eventually(() => countSockets() <= before, {
      timeoutMs: CLOSED_WITHIN_MS,
      what: 'the end of every connection that the file has opened',
    });
  }, TEST_LIMIT_MS);
  return {
    defer: (undo) => {
      steps.push(undo);
    },
  };
}

/** Open TCP connections and listeners of this process. */
function countSockets(): number {
  return process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length;
}
