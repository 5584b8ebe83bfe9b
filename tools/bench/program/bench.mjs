import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { startInfrastructure } from '../../local/infrastructure.mjs';
import { inCache, ROOT } from '../../local/paths.mjs';
import { build } from '../../local/prepare/build.mjs';
import { prepare } from '../../local/prepare/prepare.mjs';
import { checkPrerequisites } from '../../local/prerequisites/check.mjs';
import { Ports } from '../../local/process/ports.mjs';
import { runProgram, together } from '../../local/process/run.mjs';
import { runVisibly } from '../../local/process/run-visibly.mjs';

/** Measures and prints; finds the servers by its environment. */
const MEASURE = join(ROOT, 'tools/bench/dist/main.js');
const LIMIT_MINUTES = 60;

await runProgram({ codeWhenInterrupted: 130 }, async (run) => {
  const programs = checkPrerequisites();
  await prepare(programs, run);
  const [{ postgres, kafka }] = await together(run, [
    startInfrastructure({ programs, ports: new Ports() }, run),
    build(run),
  ]);
  const results = inCache('bench');
  mkdirSync(results, { recursive: true });
  const env = {
    DATABASE_URL: postgres.address,
    KAFKA_BROKERS: kafka.address.join(','),
    // Whose processor time is read; absent for servers that were there before.
    BENCH_POSTGRES_PID: String(postgres.process?.pid ?? ''),
    BENCH_KAFKA_PID: String(kafka.process?.pid ?? ''),
    BENCH_DIRECTORY: run.directory,
    BENCH_RESULTS: results,
  };
  const args = [MEASURE, ...process.argv.slice(2)];
  const measured = await runVisibly(
    { command: process.execPath, args, cwd: ROOT, env, limitMinutes: LIMIT_MINUTES },
    run,
  );
  return measured ? 0 : 1;
});
