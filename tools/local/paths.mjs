import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What is downloaded or made once and may be deleted at any time; not tracked. */
export const CACHE = join(ROOT, '.cache');

/**
 * A file of the cache.
 *
 * @param {string} name
 * @returns {string}
 */
export function inCache(name) {
  mkdirSync(CACHE, { recursive: true });
  return join(CACHE, name);
}
