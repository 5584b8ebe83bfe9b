import { renameSync, writeFileSync } from 'node:fs';

/**
 * A process of the stack and where it listens.
 *
 * @typedef {{ url: string, process: { pid: number } }} Listener
 */

/**
 * @template Address
 * @typedef {{ address: Address, process?: { pid: number } }} Started
 */

/**
 * What `stack.json` says (platform.md, "Local stack and the two commands"). A server that was there has no pid.
 *
 * @param {object} stack
 * @param {{ kafka: Started<string[]>, postgres: Started<string> }} stack.infrastructure
 * @param {Record<string, string>} stack.tokens
 * @param {ReadonlyMap<string, Listener[]>} stack.services
 * @param {Listener | undefined} stack.simulators
 * @param {string} stack.registry path of the partner registry
 */
export function describeStack({
  infrastructure: { kafka, postgres },
  tokens,
  services,
  simulators,
  registry,
}) {
  const describe = (/** @type {Listener} */ { url, process }) => ({ url, pid: process.pid });
  return {
    ready: true,
    kafka: { brokers: kafka.address, pid: kafka.process?.pid ?? null },
    postgres: { url: postgres.address, pid: postgres.process?.pid ?? null },
    tokens,
    registry,
    services: Object.fromEntries([...services].map(([name, replicas]) => [name, replicas.map(describe)])),
    ...(simulators && { simulators: describe(simulators) }),
  };
}

/**
 * Whoever reads the file sees the old or the new one and never half of one. It holds secrets: for the owner alone.
 *
 * @param {string} file
 * @param {object} content
 */
export function writeAtomically(file, content) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
