/** Kafka 4 runs on Java 17 and newer. */
export const NEEDED_JAVA = 17;

/**
 * The major version in what `java -version` prints: 8 for `1.8.0_392`, 17 for `17.0.15`, 24 for `24-ea`.
 *
 * @param {string} printed
 * @returns {number | undefined} undefined when there is no version in it
 */
export function readJavaMajor(printed) {
  const match = /version "(?:1\.)?(\d+)/.exec(printed);
  return match ? Number(match[1]) : undefined;
}
