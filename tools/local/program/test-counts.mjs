/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/**
 * What Jest writes with `--json`, as far as it is read here.
 *
 * @typedef {object} JestReport
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {number} numRuntimeErrorTestSuites files of which no test could run
 */

/**
 * Counts a run of Jest. A file that could not be run counts as a failure; so do a run that ended badly for a reason no
 * test tells, and one without a single test: both would otherwise pass for a success.
 *
 * @param {JestReport | undefined} report undefined when Jest wrote none
 * @param {boolean} endedWell
 * @returns {Counts}
 */
export function countTests(report, endedWell) {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
  const skipped = report.numPendingTests + report.numTodoTests;
  const isSuspect = failed === 0 && (!endedWell || passed === 0);
  return { passed, failed: isSuspect ? 1 : failed, skipped };
}

/**
 * @param {Counts} one
 * @param {Counts} other
 * @returns {Counts}
 */
export function addCounts(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

/**
 * The last line of `npm test`.
 *
 * @param {Counts} counts
 * @returns {string}
 */
export function summarise({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
