import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { type ConfigClass, settingsOf } from './setting.decorator';

/** One setting that is missing or wrong. */
export interface SettingProblem {
  /** Name of the environment variable. */
  variable: string;
  /** What is wrong and what is expected; never the value. */
  message: string;
}

/** The environment cannot be used. Its message lists every problem, one a line, and holds no value. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly SettingProblem[]) {
    const lines = problems.map(({ variable, message }) => `  ${variable} ${message}`);
    super(['The environment cannot be used:', ...lines].join('\n'));
    this.name = 'ConfigError';
  }
}

/** The settings that say for how many days something is kept. */
export type RetentionSettings<T> = Pick<T, Extract<keyof T, `${string}RetentionDays`>>;

/**
 * Reads the environment into an instance of a class whose properties carry `@Setting`. White space around a value
 * is dropped, a blank variable counts as absent, variables that the class does not name are ignored.
 *
 * @param config the class
 * @param env the environment, handed over by the app's `config.ts`
 * @throws ConfigError naming everything that is wrong at once
 */
export function loadConfig<T extends object>(config: ConfigClass<T>, env: Environment): T {
  return load(config, env, () => true);
}

/**
 * Reads only for how long a service keeps things, as it reads it itself; for commands that have nothing else of its
 * environment.
 * @throws ConfigError
 */
export function loadRetention<T extends object>(
  config: ConfigClass<T>,
  env: Environment,
): RetentionSettings<T> {
  return load(config, env, (property) => property.endsWith('RetentionDays'));
}

type Environment = Readonly<Record<string, string | undefined>>;

function load<T extends object>(
  config: ConfigClass<T>,
  env: Environment,
  isWanted: (property: string) => boolean,
): T {
  const trimmed = Object.entries(env).map(([variable, value]) => [variable, value?.trim()] as const);
  const present = Object.fromEntries(trimmed.filter(([, value]) => value));
  const instance = plainToInstance(config, present, {
    excludeExtraneousValues: true,
    exposeDefaultValues: true,
  });
  const messages = new Map(
    validateSync(instance).map((error) => [error.property, Object.values(error.constraints ?? {})[0]]),
  );
  const problems = settingsOf(config).flatMap(({ property, variable }) => {
    const message = messages.get(property);
    return message === undefined || !isWanted(property) ? [] : [{ variable, message }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return instance;
}
