import { hasKubectl } from './overlay';

// What is rendered needs kubectl, which is no prerequisite of the tests: without it these are skipped, and counted as such.

/** `describe`, of what `kubectl` renders. */
export const describeRendered = hasKubectl() ? describe : describe.skip;

/** `it`, of what `kubectl` renders. */
export const itRendered = hasKubectl() ? it : it.skip;
