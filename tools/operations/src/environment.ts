/** The environment of the process; no other file reads it. */
export function environment(): NodeJS.ProcessEnv {
  return process.env;
}

/** An operator's command runs with the same variables as the services. */
export function requireVariable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value.trim() === '') throw new Error(`set ${name}`);
  return value;
}

/** The brokers as a list. */
export function brokers(): string[] {
  return requireVariable('KAFKA_BROKERS').split(',');
}

/** Prints a line for a person. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Runs a command's main function; an error is one line and exit code 1. */
export function run(main: () => Promise<void>): void {
  main().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
}
