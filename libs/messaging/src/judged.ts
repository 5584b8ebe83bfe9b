import type { Binding, Fact } from './chunk';
import { decode, type Decoded } from './decode';
import { identityKey, type EventIdentity } from './inbox.repository';
import type { ReceivedMessage } from './message';

/** A message of this consumer's, judged by its form: a fact, or malformed. */
export type Judged = Exclude<Decoded, { kind: 'FOREIGN' }>;

/** The messages that are this consumer's, judged by their form. */
export function decodeMine(binding: Binding, messages: readonly ReceivedMessage[]): Judged[] {
  const mine: Judged[] = [];
  for (const message of messages) {
    const decoded = decode(binding, message);
    if (decoded.kind !== 'FOREIGN') mine.push(decoded);
  }
  return mine;
}

/** A replay of an event that stands before it in the same chunk must see what became of the event: it opens a new run. */
export function splitBeforeReplays(judged: readonly Judged[]): Judged[][] {
  const runs: Judged[][] = [];
  let run: Judged[] = [];
  const seen = new Set<string>();
  for (const one of judged) {
    const key = identityKey(one.identity);
    if (isReplay(one) && seen.has(key)) {
      runs.push(run);
      run = [];
      seen.clear();
    }
    run.push(one);
    seen.add(key);
  }
  return run.length === 0 ? runs : [...runs, run];
}

/** A copy within a run is a copy like any other: the first one counts. */
export function firstOfEach(run: readonly Judged[]): Map<string, Judged> {
  const first = new Map<string, Judged>();
  for (const one of run) {
    const key = identityKey(one.identity);
    if (!first.has(key)) first.set(key, one);
  }
  return first;
}

/** Each once: a statement must not claim an identity twice. */
export function identitiesOf(judged: readonly Judged[]): EventIdentity[] {
  return [...firstOfEach(judged).values()].map((one) => one.identity);
}

/** Whether it is well-formed. */
export function isFact(one: Judged): one is Judged & { kind: 'FACT' } {
  return one.kind === 'FACT';
}

/** The well-formed ones as handlers get them. */
export function factsOf(judged: readonly Judged[]): Fact[] {
  return judged.filter(isFact).map((one) => one.fact);
}

/** Whether it comes again from the DLQ. */
export function isReplay(one: Judged): boolean {
  return one.kind === 'FACT' ? one.fact.replay : one.replay;
}
