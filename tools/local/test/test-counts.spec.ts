import { addCounts, countTests, summarise } from '../program/test-counts.mjs';

const report = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  numRuntimeErrorTestSuites: 1,
};
const allPassed = { ...report, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
const none = { ...allPassed, numPassedTests: 0, numPendingTests: 0, numTodoTests: 0 };

describe('countTests', () => {
  it.each([
    ['a file that could not run is a failure', report, false, { passed: 5, failed: 2, skipped: 3 }],
    ['all passed', allPassed, true, { passed: 5, failed: 0, skipped: 3 }],
    ['a bad end that no test tells of is a failure', allPassed, false, { passed: 5, failed: 1, skipped: 3 }],
    ['no test at all is a failure', none, true, { passed: 0, failed: 1, skipped: 0 }],
    ['no report is a failure', undefined, false, { passed: 0, failed: 1, skipped: 0 }],
  ])('%s', (_case, given, endedWell, expected) => {
    expect(countTests(given, endedWell)).toEqual(expected);
  });
});

describe('summarise', () => {
  it('is the line that others read', () => {
    const counts = addCounts({ passed: 1, failed: 0, skipped: 2 }, { passed: 9, failed: 1, skipped: 0 });
    expect(summarise(counts)).toBe('10 passed, 1 failed, 2 skipped');
  });
});
