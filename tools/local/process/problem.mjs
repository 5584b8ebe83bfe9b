/** Something that went wrong and is said in a sentence to the person who started us: printed without a stack. */
export class Problem extends Error {
  /** @override */
  name = 'Problem';
}

/** The end that was asked for: a signal, or a parent that is gone. Not a failure. */
export class Interrupted extends Error {
  /** @override */
  name = 'Interrupted';
}
