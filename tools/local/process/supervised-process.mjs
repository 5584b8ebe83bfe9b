import { spawn } from 'node:child_process';
import { restartDelayMs, restartsInARow } from './backoff.mjs';
import { signalGroup } from './signal-group.mjs';

/**
 * How a process is started, each time alike.
 *
 * @typedef {object} Launch
 * @property {string} command
 * @property {string[]} args
 * @property {import('node:child_process').SpawnOptions} options
 * @property {() => void} [before] what has to be put right before a start, after a kill for one
 * @property {NodeJS.Signals} [stopSignal] asks it to end; SIGTERM unless told otherwise
 * @property {NodeJS.Signals} [killSignal] ends it at once; SIGKILL unless told otherwise
 */

/**
 * One end of a process.
 *
 * @typedef {object} Ending
 * @property {string} how `exit code 1` or `SIGKILL`
 * @property {boolean} ownFault it ended by itself and not well, rather than by a signal
 */

const GRACE_MS = 10_000;

/** Keeps one process running: whenever it ends, for whatever reason, it is started again, until `stop`. */
export class SupervisedProcess {
  /** Called after each start, with a new `pid`. @type {() => void} */
  onStarted = () => {};
  /** Called after each end that nobody asked for. @type {(ending: Ending) => void} */
  onEnded = () => {};

  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {Promise<void>} */
  #ended = Promise.resolve();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #restarts = 0;
  #stopping = false;

  /**
   * @param {string} name what people call it
   * @param {Launch} launch
   * @param {{ guard: import('./guard.mjs').Guard, say: import('./say.mjs').Say }} run
   */
  constructor(name, launch, { guard, say }) {
    this.name = name;
    this.launch = launch;
    this.guard = guard;
    this.say = say;
  }

  /** Its process id; of the last process, while the next is about to start. 0 before the first start. */
  pid = 0;

  /** Starts it, and from then on keeps it running. */
  start() {
    this.launch.before?.();
    // A group of its own: a Ctrl-C reaches only us, so that the order of stopping is ours.
    const child = spawn(this.launch.command, this.launch.args, { ...this.launch.options, detached: true });
    const startedAt = performance.now();
    this.#child = child;
    if (child.pid !== undefined) {
      this.pid = child.pid;
      this.guard.watch(child.pid, this.launch.killSignal);
    }
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => {
        // With a pid it is a signal that failed, and its end is still to come.
        if (child.pid === undefined) this.#afterEnd({ how: error.message, ownFault: true }, 0, resolve);
      });
      child.once('exit', (code, signal) => {
        this.guard.forget(this.pid);
        // What it may have started itself.
        signalGroup(this.pid, 'SIGKILL');
        const ending = { how: signal ?? `exit code ${code}`, ownFault: signal === null && code !== 0 };
        this.#afterEnd(ending, performance.now() - startedAt, resolve);
      });
    });
    this.onStarted();
  }

  /**
   * Asks it to end and waits; after 10 s it is killed.
   *
   * @returns {Promise<boolean>} whether it ended in order
   */
  async stop() {
    this.#stopping = true;
    clearTimeout(this.#timer);
    if (!this.#child) return false;
    const { pid } = this;
    let inOrder = true;
    this.#child.kill(this.launch.stopSignal ?? 'SIGTERM');
    const killer = setTimeout(() => {
      inOrder = false;
      this.say(`${this.name} did not stop within ${GRACE_MS / 1000} s and is killed`);
      signalGroup(pid, 'SIGKILL');
    }, GRACE_MS);
    await this.#ended;
    clearTimeout(killer);
    return inOrder;
  }

  /**
   * @param {Ending} ending
   * @param {number} aliveMs
   * @param {() => void} resolve
   */
  #afterEnd(ending, aliveMs, resolve) {
    this.#child = undefined;
    resolve();
    if (this.#stopping) return;
    const earlier = restartsInARow(this.#restarts, aliveMs);
    const delayMs = restartDelayMs(earlier);
    this.#restarts = earlier + 1;
    this.say(
      `${this.name} ended (${ending.how}); it is started again ${delayMs ? `in ${delayMs / 1000} s` : 'at once'}`,
    );
    // Also without a delay through a timer: the one who is told of the end may call stop.
    this.#timer = setTimeout(() => this.start(), delayMs);
    this.onEnded(ending);
  }
}
