/** What came of asking again and again: answers a second, and how long each took. */
export interface LoopResult {
  perSecond: number;
  /** Milliseconds, sorted. */
  latencies: number[];
}

/** Asks `count` questions, so many at a time: each asker asks its next when its last is answered. */
export async function closedLoop(
  askers: number,
  count: number,
  ask: (n: number) => Promise<void>,
): Promise<LoopResult> {
  const latencies: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: askers }, async () => {
      while (next < count) {
        const n = next;
        next += 1;
        const askedAt = performance.now();
        await ask(n);
        latencies.push(performance.now() - askedAt);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  return { perSecond: count / seconds, latencies: latencies.sort((a, b) => a - b) };
}
