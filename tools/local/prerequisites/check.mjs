import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { hasKafkaJars } from '../kafka/jars.mjs';
import { Problem } from '../process/problem.mjs';
import { findProgram, isExecutable } from './find-program.mjs';
import { NEEDED_JAVA, readJavaMajor } from './java-version.mjs';

/**
 * The programs of this machine that a run uses; both undefined where Kafka is one that is there.
 *
 * @typedef {object} Programs
 * @property {string} [java] the JVM to start Kafka with
 * @property {string} [javaVersion] what it calls itself
 * @property {string} [maven] what resolves Kafka's jars; only looked for while they are not cached
 */

/**
 * Finds what the machine has to bring (Node was checked before), or says everything that is missing at once and how
 * to get it.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Programs}
 */
export function checkPrerequisites(env = process.env) {
  if (process.platform === 'win32')
    throw new Problem('Windows itself is not supported; run this in WSL, or with "docker compose up".');
  if (env['KAFKA_BROKERS']) return {};
  const missing = [];

  const java = findJava(env);
  if (!java.path)
    missing.push(
      `Java ${NEEDED_JAVA} or newer, to run Kafka: ${java.found}.\n` +
        '    Get it with "apt-get install openjdk-17-jre-headless", "brew install openjdk@17" or from https://adoptium.net;\n' +
        '    JAVA_HOME is looked at first, then PATH.',
    );

  const maven = findProgram('mvn', env['PATH']);
  if (!maven && !hasKafkaJars())
    missing.push(
      "Maven, to resolve Kafka's jars once: there is no mvn on PATH.\n" +
        '    Get it with "apt-get install maven", "brew install maven" or from https://maven.apache.org.',
    );

  if (missing.length > 0)
    throw new Problem(
      `This machine lacks what kyc-relay needs:\n${missing.map((one) => `  - ${one}`).join('\n')}\n` +
        '  Neither is needed with KAFKA_BROKERS=host:port of a Kafka that is there.',
    );
  return { ...(java.path && { java: java.path, javaVersion: java.found }), ...(maven && { maven }) };
}

/**
 * The first Java that is new enough.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ path?: string, found: string }} `found` is what it calls itself, or says what there is
 */
function findJava(env) {
  const ofHome = env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : undefined;
  const candidates = [ofHome, findProgram('java', env['PATH'])].filter((path) => path !== undefined);
  let found = 'there is no java in JAVA_HOME or on PATH';
  for (const path of candidates.filter(isExecutable)) {
    // Java prints its version on standard error; macOS has a stub of this name that prints where to get one.
    const { stderr, error } = spawnSync(path, ['-version'], { encoding: 'utf8', timeout: 20_000 });
    const major = error ? undefined : readJavaMajor(stderr);
    if (major !== undefined && major >= NEEDED_JAVA) return { path, found: stderr };
    found = major === undefined ? `${path} does not run` : `${path} is Java ${major}`;
  }
  return { found };
}
