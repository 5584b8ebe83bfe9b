import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

/**
 * @typedef {object} Service
 * @property {string} name folder in apps/, consumer group and name in stack.json
 * @property {string} entry what Node runs
 */

/**
 * The services: whatever is an app, in the order of the alphabet.
 *
 * @param {string} [apps] the folder they are in
 * @returns {Service[]}
 */
export function listServices(apps = join(ROOT, 'apps')) {
  return readdirSync(apps)
    .filter((name) => existsSync(join(apps, name, 'src/main.ts')))
    .sort()
    .map((name) => ({ name, entry: join(apps, name, 'dist', 'main.js') }));
}

/** What plays the outside world; see tools/simulators. */
export const SIMULATORS = { name: 'simulators', entry: join(ROOT, 'tools/simulators/dist/main.js') };

/** What has to be done between the servers and the services, in this order; see tools/operations. */
export const PREPARATIONS = [
  { title: 'migrations', entry: join(ROOT, 'tools/operations/dist/migrate.js'), args: ['up'] },
  { title: 'topics', entry: join(ROOT, 'tools/operations/dist/topics.js'), args: [] },
];
