/** A process of the stack that listens. */
export interface Listener {
  /** Where it listens, such as `http://127.0.0.1:20010`. */
  url: string;
  /** The process itself, not a wrapper. */
  pid: number;
}

/** The content of `stack.json` (platform.md, "Local stack and the two commands"). */
export interface Stack {
  ready: true;
  /** `pid` is null for a Kafka that was there before. */
  kafka: { brokers: string[]; pid: number | null };
  /** `pid` is null for a Postgres that was there before. */
  postgres: { url: string; pid: number | null };
  /** Bearer tokens of our own API, one for each role; new in each run. */
  tokens: { viewer: string; operator: string; publisher: string };
  /** Path of the partner registry that the services read. */
  registry: string;
  /** The replicas of each service, by its name. */
  services: Record<string, Listener[]>;
  /** Only where they were asked for. */
  simulators?: Listener;
}

/** What a stack shall be like; see `npm start -- --help`. */
export interface StackOptions {
  /** Path of the partner registry; without it one is made. */
  registry?: string;
  /** Processes of each service; 1 by default. */
  replicas?: number;
  /** Settings for every service. */
  env?: Record<string, string>;
  /** Whether to start the simulators too. */
  simulators?: boolean;
  /** Folder that keeps the data of Postgres and Kafka; temporary by default. */
  dataDir?: string;
  /** Folder for `stack.json` and the logs, which stays; a temporary one by default, removed by `stop`. */
  directory?: string;
  /** Whether the stack's progress goes to a file (the default) rather than to standard error. */
  quiet?: boolean;
  /** Gives up waiting and stops everything. */
  signal?: AbortSignal;
}

/** A stack that is up. */
export interface RunningStack {
  /** `stack.json` as it was when all was ready. */
  stack: Stack;
  /** `stack.json` as it is now: another after a process was replaced. */
  read: () => Stack;
  /** Path of `stack.json`. */
  stackFile: string;
  /** What the services print: JSON, a line each. */
  logFile: string;
  /** What the stack itself prints; empty unless quiet. */
  progressFile: string;
  /** The process that supervises. */
  pid: number;
  /** Stops everything and waits for it. May be called again. */
  stop: () => Promise<void>;
}

/**
 * Starts the stack and waits until all of it is ready.
 *
 * @throws Error with the last lines of its logs when it does not start
 */
export declare function startStack(options?: StackOptions): Promise<RunningStack>;
