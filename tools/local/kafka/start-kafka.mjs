import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaitServer } from '../process/await-server.mjs';
import { Problem } from '../process/problem.mjs';
import { runCommand } from '../process/run-command.mjs';
import { SupervisedProcess } from '../process/supervised-process.mjs';
import { openClassArchive } from './class-archive.mjs';
import { ensureKafkaJars } from './jars.mjs';
import { pingGroups, pingKafka } from './ping-kafka.mjs';
import { serverProperties } from './server-properties.mjs';

/**
 * Starts a Kafka broker under supervision and waits until it serves; it is stopped at the end of the run.
 *
 * @param {{ programs: import('../prerequisites/check.mjs').Programs, ports: import('../process/ports.mjs').Ports }} needs
 * @param {import('../process/run.mjs').Run} run its data is in the run's folder
 * @returns {Promise<import('../infrastructure.mjs').Server<string[]>>}
 */
export async function startKafka({ programs, ports }, run) {
  const { java, javaVersion } = programs;
  if (!java || !javaVersion) throw new Problem('There is no Java to run Kafka with.');
  const jars = await ensureKafkaJars(programs.maven, run);
  const port = await ports.take();
  const controllerPort = await ports.take();
  const home = join(run.directory, 'kafka');
  const logDirectory = join(home, 'data');
  const properties = join(home, 'server.properties');
  const logFile = join(home, 'kafka.log');
  mkdirSync(home, { recursive: true });
  writeFileSync(properties, serverProperties({ port, controllerPort, logDirectory }));
  const classPath = ['-cp', join(jars, '*')];
  await format({ java, classPath, home, logDirectory, properties }, run);

  const archive = openClassArchive(jars, javaVersion);
  const log = openSync(logFile, 'a');
  const server = new SupervisedProcess(
    'kafka',
    {
      // The JVM itself and no start script, so that the pid is the broker's.
      command: java,
      args: [
        '-Xms256m',
        '-Xmx512m',
        '-XX:+UseSerialGC',
        // Its statistics would stay in the temporary folder after a kill.
        '-XX:-UsePerfData',
        ...archive.options,
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
        '-Dorg.slf4j.simpleLogger.showDateTime=true',
        ...classPath,
        'kafka.Kafka',
        properties,
      ],
      options: { cwd: home, stdio: ['ignore', log, log] },
    },
    run,
  );
  run.signal.throwIfAborted();
  run.atEnd('kafka', async () => {
    if (await server.stop()) archive.keep();
  });
  server.start();
  const brokers = [`127.0.0.1:${port}`];
  await awaitServer({ name: 'kafka', logFile, ping: async () => await pingKafka(brokers) }, run);
  await awaitServer({ name: 'kafka', logFile, ping: async () => await pingGroups(brokers) }, run);
  run.say(`kafka is ready: ${brokers}, pid ${server.pid}`);
  return { address: brokers, process: server };
}

/**
 * Makes an empty store, once. The mark is written last: a store whose making was cut off is made anew.
 *
 * @param {{ java: string, classPath: string[], home: string, logDirectory: string, properties: string }} store
 * @param {import('../process/run.mjs').Run} run
 */
async function format({ java, classPath, home, logDirectory, properties }, run) {
  const mark = join(home, 'formatted');
  if (existsSync(mark)) return;
  rmSync(logDirectory, { recursive: true, force: true });
  // Kafka wants a UUID in URL-safe base64 that does not read like an option.
  const clusterId = `k${randomBytes(16).toString('base64url').slice(1)}`;
  const jvm = [
    '-Xmx128m',
    '-XX:+UseSerialGC',
    '-XX:-UsePerfData',
    '-XX:TieredStopAtLevel=1',
    '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  ];
  const tool = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', properties];
  await runCommand(
    { title: 'formatting the Kafka store', command: java, args: [...jvm, ...classPath, ...tool] },
    run,
  );
  writeFileSync(mark, clusterId);
}
