import { Interrupted } from './problem.mjs';

const SAME_KEYSTROKE_MS = 1000;
const LOOK_EVERY_MS = 250;

/**
 * Ends a run on SIGINT, SIGTERM and SIGHUP, and when a parent that it belongs to is gone. A second signal ends
 * everything at once.
 *
 * @param {import('./run.mjs').Run} run
 */
export function watchForTheEnd(run) {
  let askedAt = 0;
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => {
      if (askedAt === 0) {
        askedAt = performance.now();
        run.fail(new Interrupted(signal));
        // One Ctrl-C under npm comes twice: from the terminal, and passed on by npm.
      } else if (performance.now() - askedAt > SAME_KEYSTROKE_MS) {
        run.say(`${signal} again: killing everything`);
        void run.guard.endEverything().then(() => process.exit(1));
      }
    });
  if (belongsToParent()) followParent(run);
}

/**
 * Started by npm or by another program of ours we are a part of it, and it may be killed without a word. Started from
 * a shell we are on our own: `node tools/local/start.mjs &` in a script outlives the script.
 */
function belongsToParent() {
  return process.env['npm_lifecycle_event'] !== undefined || process.env['FOLLOW_PARENT'] === '1';
}

/** @param {import('./run.mjs').Run} run */
function followParent(run) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    // An orphan is given to another parent.
    if (process.ppid === parent) return;
    clearInterval(timer);
    run.fail(new Interrupted('the program that started this is gone'));
  }, LOOK_EVERY_MS);
  timer.unref();
}
