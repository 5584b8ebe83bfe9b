import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CACHE, inCache } from '../paths.mjs';
import { withLock } from '../process/lock.mjs';
import { Problem } from '../process/problem.mjs';
import { runCommand } from '../process/run-command.mjs';

const POM = fileURLToPath(new URL('./pom.xml', import.meta.url));

function folderName() {
  return `kafka-${createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 16)}`;
}

/** Whether Maven has already fetched what the pom.xml says. */
export function hasKafkaJars() {
  return existsSync(join(CACHE, folderName()));
}

/**
 * The folder with Kafka's jars, fetched by Maven the first time.
 *
 * @param {string | undefined} maven the `mvn` to use
 * @param {import('../process/run.mjs').Run} run
 * @returns {Promise<string>}
 */
export async function ensureKafkaJars(maven, run) {
  const folder = inCache(folderName());
  if (existsSync(folder)) return folder;
  if (!maven) throw new Problem('There is no mvn on PATH to fetch Kafka with.');
  return await withLock(inCache('kafka.lock'), run, async () => {
    if (existsSync(folder)) return folder;
    run.say('fetching Kafka (mvn), 44 MB');
    // A folder that is there is complete: it gets its name only when everything is in it.
    const draft = `${folder}.draft`;
    rmSync(draft, { recursive: true, force: true });
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${draft}`];
    await runCommand({ title: 'mvn', command: maven, args: ['-q', '-B', '-f', POM, ...goal] }, run);
    renameSync(draft, folder);
    run.say('Kafka fetched');
    return folder;
  });
}
