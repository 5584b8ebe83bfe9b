/**
 * Prints a line of progress for a person.
 *
 * @typedef {(line: string) => void} Say
 */

/**
 * Progress goes to standard error by default, because standard output belongs to the services' JSON logs. Each line
 * carries the seconds since the start.
 *
 * @param {NodeJS.WritableStream} [stream]
 * @returns {Say}
 */
export function createSay(stream = process.stderr) {
  const start = performance.now();
  return (line) => {
    const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
    stream.write(`${seconds} s  ${line}\n`);
  };
}
