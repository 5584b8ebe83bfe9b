import { ROOT } from '../paths.mjs';
import { awaitServer } from '../process/await-server.mjs';
import { Problem } from '../process/problem.mjs';
import { SupervisedProcess } from '../process/supervised-process.mjs';

const FAILED_STARTS = 3;
const ANSWER_MS = 3000;

/** Its own words go out as they are, without a copy on the way. @type {import('node:child_process').StdioOptions} */
const OWN_WORDS = ['ignore', 'inherit', 'inherit'];

/**
 * Starts a program of ours that serves HTTP, under supervision, and waits until it says it is ready; it is stopped at
 * the end of the run. One that fails again and again before it was ever ready, because of a mistake in the registry
 * for one, ends the run: it has said why.
 *
 * @param {{ name: string, entry: string, port: number, env: NodeJS.ProcessEnv, nodeArgs?: readonly string[] }} program
 * @param {import('../process/run.mjs').Run} run
 * @returns {Promise<import('./stack-file.mjs').Listener & { process: SupervisedProcess }>}
 */
export async function startNodeProcess({ name, entry, port, env, nodeArgs = [] }, run) {
  const launch = {
    command: process.execPath,
    args: [...nodeArgs, entry],
    options: { cwd: ROOT, env: { ...env, PORT: String(port), HOST: '127.0.0.1' }, stdio: OWN_WORDS },
  };
  const supervised = new SupervisedProcess(name, launch, run);
  let failures = 0;
  supervised.onEnded = ({ how, ownFault }) => {
    failures = ownFault ? failures + 1 : 0;
    if (failures === FAILED_STARTS)
      run.fail(new Problem(`${name} does not start (${how}); what it said about it is above.`));
  };
  run.signal.throwIfAborted();
  run.atEnd('services', async () => await supervised.stop());
  supervised.start();

  const url = `http://127.0.0.1:${port}`;
  await awaitServer({ name, ping: async () => await askReadiness(url) }, run);
  supervised.onEnded = () => {};
  run.say(`${name} is ready: ${url}, pid ${supervised.pid}`);
  return { url, process: supervised };
}

/** @param {string} url */
async function askReadiness(url) {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`/readyz answers ${answer.status} ${text.slice(0, 300)}`);
}
