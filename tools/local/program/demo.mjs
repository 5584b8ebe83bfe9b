import { join } from 'node:path';
import { ROOT } from '../paths.mjs';
import { runProgram } from '../process/run.mjs';
import { runVisibly } from '../process/run-visibly.mjs';
import { startStack } from '../stack.mjs';

/** Plays the story and checks every line of it; finds the stack by STACK_FILE. */
const STORY = join(ROOT, 'tools/demo/dist/main.js');

await runProgram({ codeWhenInterrupted: 130 }, async (run) => {
  // What the services print would drown the story's tables; it stays in the run's folder.
  const options = { simulators: true, quiet: false, directory: run.directory, signal: run.signal };
  const { stackFile, stop } = await startStack(options);
  run.atEnd('services', stop);
  const env = { STACK_FILE: stackFile };
  return (await runVisibly({ command: process.execPath, args: [STORY], cwd: ROOT, env }, run)) ? 0 : 1;
});
