import { join, resolve } from 'node:path';

/** The root of the repository; this file is built to tools/bench/dist/rig. */
export const ROOT = resolve(__dirname, '../../../..');

/** The servers and folders that the program around the measurements has made. */
export interface Surroundings {
  databaseUrl: string;
  brokers: string[];
  /** Undefined for servers that were there before: their processor time is not known. */
  postgresPid: number | undefined;
  kafkaPid: number | undefined;
  /** Temporary files: logs, registries. */
  directory: string;
  /** Where results stay. */
  results: string;
}

/** Reads them from the environment that `npm run bench` sets. */
export function readSurroundings(env: NodeJS.ProcessEnv): Surroundings {
  const text = (name: string): string => {
    const value = env[name];
    if (value === undefined || value === '') throw new Error(`${name} is not set: run npm run bench`);
    return value;
  };
  const pid = (name: string): number | undefined => (env[name] ? Number(env[name]) : undefined);
  return {
    databaseUrl: text('DATABASE_URL'),
    brokers: text('KAFKA_BROKERS').split(','),
    postgresPid: pid('BENCH_POSTGRES_PID'),
    kafkaPid: pid('BENCH_KAFKA_PID'),
    directory: text('BENCH_DIRECTORY'),
    results: text('BENCH_RESULTS'),
  };
}

/** What Node runs for a package of the workspace. */
export function entryOf(packageFolder: string): string {
  return join(ROOT, packageFolder, 'dist', 'main.js');
}
