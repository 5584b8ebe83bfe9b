import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { Problem } from './problem.mjs';

const FIRST = 20_000;
const BLOCK = 40;
const RANGE_FILE = '/proc/sys/net/ipv4/ip_local_port_range';

/**
 * Free ports for servers that keep them over restarts. They are taken below the range from which the kernel gives
 * outgoing connections their ports: in that range a client's connection could sit on the port of a killed server, even
 * one that connects to itself, and the server could not come back. Each run begins at another block, so that two runs
 * that look at the same moment do not find the same port free.
 */
export class Ports {
  #next;
  #last = lastPort();

  /** @param {number} [seed] tells runs apart */
  constructor(seed = process.pid) {
    const blocks = Math.floor((this.#last - FIRST) / BLOCK);
    this.#next = FIRST + (seed % blocks) * BLOCK;
  }

  /**
   * @returns {Promise<number>} a port of 127.0.0.1 that nobody listens on, given once
   */
  async take() {
    for (let tried = FIRST; tried < this.#last; tried += 1) {
      const port = this.#next;
      this.#next = port + 1 < this.#last ? port + 1 : FIRST;
      if (await isFree(port)) return port;
    }
    throw new Problem(`No free port between ${FIRST} and ${this.#last} on 127.0.0.1.`);
  }
}

function lastPort() {
  try {
    const ephemeral = Number(readFileSync(RANGE_FILE, 'utf8').trim().split(/\s+/)[0]);
    if (ephemeral > FIRST + 10 * BLOCK) return Math.min(ephemeral, 32_000);
  } catch {
    // Not Linux; elsewhere the range begins at 49152.
  }
  return 32_000;
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
async function isFree(port) {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
