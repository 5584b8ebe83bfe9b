import { readSettings } from './settings';
import { startSimulators } from './simulators';

const read = readSettings(process.env);
if (read.ok) {
  void run(read.settings);
} else {
  for (const problem of read.problems) process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}

async function run(settings: Parameters<typeof startSimulators>[0]): Promise<void> {
  try {
    const simulators = await startSimulators(settings);
    process.stdout.write(`${JSON.stringify({ msg: 'simulators ready', ...simulators.info() })}\n`);
    const stop = (): void => {
      simulators.close().catch((error: unknown) => {
        fail(error);
      });
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.message : 'unknown error'}\n`);
  process.exitCode = 1;
}
