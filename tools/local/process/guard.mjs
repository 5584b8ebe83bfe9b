import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./guard-main.mjs', import.meta.url));

/**
 * A small process beside us that ends what we started when we vanish without a word, by `kill -9` for one. It reads a
 * pipe that only we hold; the kernel closes it with us.
 */
export class Guard {
  /** @type {Map<number, NodeJS.Signals>} */
  #watched = new Map();
  /** @type {Set<string>} */
  #paths = new Set();
  #finished = false;
  #child = this.#spawn();

  /**
   * Ends this process, and its group, if we vanish.
   *
   * @param {number} pid leader of a process group of its own
   * @param {NodeJS.Signals} [signal] what ends it at once and cleanly
   */
  watch(pid, signal = 'SIGKILL') {
    this.#watched.set(pid, signal);
    this.#tell({ watch: pid, signal });
  }

  /** @param {number} pid a process that has ended; its number may soon be another's */
  forget(pid) {
    this.#watched.delete(pid);
    this.#tell({ forget: pid });
  }

  /** @param {string} path a file or folder to be removed if we vanish */
  removeAtEnd(path) {
    this.#paths.add(path);
    this.#tell({ remove: path });
  }

  /** Everything is ended and removed: nothing left for the guard to do. */
  async finish() {
    await this.#end({ finished: true });
  }

  /** Has the guard end and remove everything now, as if we had vanished. */
  async endEverything() {
    await this.#end(undefined);
  }

  /** @param {object | undefined} lastWord */
  async #end(lastWord) {
    this.#finished = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.ref();
    const ended = once(this.#child, 'exit');
    if (lastWord) this.#tell(lastWord);
    this.#child.stdin.end();
    await ended;
  }

  #spawn() {
    // Detached: a Ctrl-C in the terminal goes to the whole foreground group and must not take the guard with it.
    const child = spawn(process.execPath, [PROGRAM], {
      detached: true,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin.on('error', () => {
      // The pipe breaks when the guard itself was killed; 'exit' below starts another.
    });
    child.on('exit', () => {
      if (!this.#finished) this.#replace();
    });
    child.unref();
    return child;
  }

  #replace() {
    this.#child = this.#spawn();
    for (const [pid, signal] of this.#watched) this.#tell({ watch: pid, signal });
    for (const path of this.#paths) this.#tell({ remove: path });
  }

  /** @param {object} message */
  #tell(message) {
    this.#child.stdin.write(`${JSON.stringify(message)}\n`);
  }
}
