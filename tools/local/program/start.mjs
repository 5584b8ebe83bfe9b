import { accessSync, constants, rmSync } from 'node:fs';
import { once } from 'node:events';
import { startInfrastructure } from '../infrastructure.mjs';
import { ROOT } from '../paths.mjs';
import { build } from '../prepare/build.mjs';
import { prepare } from '../prepare/prepare.mjs';
import { checkPrerequisites } from '../prerequisites/check.mjs';
import { Ports } from '../process/ports.mjs';
import { Problem } from '../process/problem.mjs';
import { runCommand } from '../process/run-command.mjs';
import { runProgram, together } from '../process/run.mjs';
import { PREPARATIONS } from '../services.mjs';
import { parseArguments, USAGE } from '../stack/arguments.mjs';
import { describeStack, writeAtomically } from '../stack/stack-file.mjs';
import { startServices } from '../stack/start-services.mjs';

const options = readOptions();

await runProgram({ dataDirectory: options.data, codeWhenInterrupted: 0 }, async (run) => {
  const programs = checkPrerequisites();
  const ports = new Ports();
  dropOldStackFile(run);

  if (!options.prepared) await prepare(programs, run);
  const [infrastructure] = await together(run, [
    startInfrastructure({ programs, ports }, run),
    options.prepared ? Promise.resolve() : build(run),
  ]);
  await prepareServers(infrastructure, run);
  const stack = { infrastructure, ...(await startServices({ options, infrastructure, ports }, run)) };

  const write = () => writeAtomically(options.out, describeStack(stack));
  const listeners = [...stack.services.values()].flat();
  for (const { process } of [
    ...listeners,
    stack.simulators,
    infrastructure.kafka,
    infrastructure.postgres,
  ].filter((one) => one !== undefined))
    if (process) process.onStarted = write;
  write();
  run.say(`all is ready; see ${options.out}. Ctrl-C stops everything.`);

  if (!run.signal.aborted) await once(run.signal, 'abort');
  throw run.signal.reason;
});

function readOptions() {
  try {
    const parsed = parseArguments(process.argv.slice(2));
    if (parsed === 'help') {
      process.stdout.write(`${USAGE}\n`);
      process.exit(0);
    }
    if (parsed.registry) requireReadable(parsed.registry);
    return parsed;
  } catch (error) {
    process.stderr.write(`${error instanceof Problem ? error.message : error}\n`);
    process.exit(2);
  }
}

/** @param {string} registry */
function requireReadable(registry) {
  try {
    accessSync(registry, constants.R_OK);
  } catch {
    throw new Problem(`--registry ${registry}: there is no such file, or it cannot be read`);
  }
}

/**
 * One of an earlier run would tell a watcher that everything is ready.
 *
 * @param {import('../process/run.mjs').Run} run
 */
function dropOldStackFile(run) {
  rmSync(options.out, { force: true });
  run.guard.removeAtEnd(options.out);
  run.atEnd('files', async () => rmSync(options.out, { force: true }));
}

/**
 * Tables and topics, which no service makes itself.
 *
 * @param {import('../infrastructure.mjs').Infrastructure} infrastructure
 * @param {import('../process/run.mjs').Run} run
 */
async function prepareServers({ postgres, kafka }, run) {
  const env = { ...process.env, DATABASE_URL: postgres.address, KAFKA_BROKERS: kafka.address.join(',') };
  await together(
    run,
    PREPARATIONS.map(async ({ title, entry, args }) => {
      await runCommand({ title, command: process.execPath, args: [entry, ...args], cwd: ROOT, env }, run);
      run.say(`${title}: done`);
    }),
  );
}
