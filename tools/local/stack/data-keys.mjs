import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `DATA_KEYS` for the services, kept beside the data that they seal: a later run with the same folder can read it.
 *
 * @param {string} directory
 * @returns {string}
 */
export function keepDataKeys(directory) {
  const file = join(directory, 'data-keys');
  if (!existsSync(file)) writeFileSync(file, `k1:${randomBytes(32).toString('base64')}`, { mode: 0o600 });
  return readFileSync(file, 'utf8');
}
