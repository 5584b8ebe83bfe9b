// Jest loads setup and teardown each in its own way; what both see is the process.
const KEY = Symbol.for('kyc-relay.infrastructure-of-tests');

/** @typedef {{ close: () => Promise<void> }} Closable */

const shared = /** @type {{ [KEY]?: Closable }} */ (/** @type {unknown} */ (globalThis));

/** @param {Closable} run */
export function keepForTeardown(run) {
  shared[KEY] = run;
}

/** @returns {Closable | undefined} undefined when the servers are not ours */
export function takeKeptRun() {
  return shared[KEY];
}
