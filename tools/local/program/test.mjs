import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startInfrastructure } from '../infrastructure.mjs';
import { ROOT } from '../paths.mjs';
import { prepare } from '../prepare/prepare.mjs';
import { checkPrerequisites } from '../prerequisites/check.mjs';
import { Ports } from '../process/ports.mjs';
import { runProgram } from '../process/run.mjs';
import { runVisibly } from '../process/run-visibly.mjs';
import { createSay } from '../process/say.mjs';
import { addCounts, countTests, summarise } from './test-counts.mjs';

const BINARIES = join(ROOT, 'node_modules/.bin');

let counts = { passed: 0, failed: 0, skipped: 0 };
// On exit, so that it is the last line whatever is said while everything is taken down.
process.once('exit', () => process.stdout.write(`${summarise(counts)}\n`));

await runProgram({ codeWhenInterrupted: 130, say: createSay(process.stdout) }, async (run) => {
  try {
    const programs = checkPrerequisites();
    await prepare(programs, run);
    await runChecks(run);
    await runJest('unit', ['--maxWorkers=2'], run);
    const { postgres, kafka } = await startInfrastructure({ programs, ports: new Ports() }, run);
    process.env['TEST_DATABASE_URL'] = postgres.address;
    process.env['TEST_KAFKA_BROKERS'] = kafka.address.join(',');
    // They wait for servers and for time more than they compute: a few files at once, each with databases of its own.
    await runJest('int', ['--maxWorkers=3'], run);
    // For the stacks that the tests start: all is built, and their files go with this run, whatever ends it.
    process.env['KYC_RELAY_PREPARED'] = '1';
    process.env['STACKS_DIRECTORY'] = run.directory;
    // Each file has stacks of its own; two at a time would only wait for each other.
    await runJest('e2e', ['--runInBand'], run);
  } catch (error) {
    counts = addCounts(counts, { passed: 0, failed: 1, skipped: 0 });
    throw error;
  }
  return counts.failed === 0 ? 0 : 1;
});

/**
 * Types, format and lint, each one check. A later one runs also when an earlier one failed.
 *
 * @param {import('../process/run.mjs').Run} run
 */
async function runChecks(run) {
  // ESLint's rule on module boundaries reads the project graph that Nx has stored, which may be old or not there: it
  // is made anew, in a folder of this run.
  const nx = {
    NX_DAEMON: 'false',
    NX_WORKSPACE_DATA_DIRECTORY: join(run.directory, 'nx'),
    NX_TUI: 'false',
  };
  /** @type {{ title: string, commands: string[][], env?: NodeJS.ProcessEnv }[]} */
  const checks = [
    {
      title: 'types',
      commands: [
        ['tsc', '-b'],
        ['tsc', '-p', 'tools/local'],
      ],
    },
    { title: 'format', commands: [['prettier', '--check', '.']] },
    {
      title: 'lint',
      commands: [
        ['nx', 'show', 'projects'],
        ['eslint', '.'],
      ],
      env: nx,
    },
  ];
  for (const { title, commands, env } of checks) {
    const passed = await heading(title, run, async () => {
      for (const [program = '', ...args] of commands)
        if (
          !(await runVisibly({ command: join(BINARIES, program), args, cwd: ROOT, ...(env && { env }) }, run))
        )
          return false;
      return true;
    });
    counts = addCounts(counts, { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });
  }
}

/**
 * @param {'unit' | 'int' | 'e2e'} project
 * @param {string[]} options
 * @param {import('../process/run.mjs').Run} run
 */
async function runJest(project, options, run) {
  const reportFile = join(run.directory, `${project}.json`);
  const args = ['--selectProjects', project, '--json', `--outputFile=${reportFile}`, ...options];
  const endedWell = await heading(`${project} tests`, run, async () => {
    return await runVisibly({ command: join(BINARIES, 'jest'), args, cwd: ROOT }, run);
  });
  const report = existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')) : undefined;
  const ofProject = countTests(report, endedWell);
  run.say(`${project} tests: ${summarise(ofProject)}`);
  counts = addCounts(counts, ofProject);
}

/**
 * @param {string} title
 * @param {import('../process/run.mjs').Run} run
 * @param {() => Promise<boolean>} work
 */
async function heading(title, { say }, work) {
  const startedAt = performance.now();
  say(`== ${title}`);
  const passed = await work();
  say(
    `== ${title}: ${passed ? 'passed' : 'FAILED'} after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  );
  return passed;
}
