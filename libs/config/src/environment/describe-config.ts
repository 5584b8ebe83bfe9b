import { type ConfigClass, settingsOf } from './setting.decorator';

/** What a README says of one setting. */
export interface SettingDescription {
  /** Name of the environment variable. */
  variable: string;
  /** What it sets, with its unit. */
  meaning: string;
  /** What its text must be. */
  expected: string;
  /** The default as it would be written in the environment; null without one. */
  default: string | null;
  /** Whether the service does not start without it. */
  required: boolean;
}

/** All settings of a configuration class, those of the classes it extends first. */
export function describeConfig(config: ConfigClass): SettingDescription[] {
  const defaults = new config() as Record<string, string | number | boolean | string[] | undefined>;
  return settingsOf(config).map(({ property, variable, meaning, expected, optional }) => {
    const value = defaults[property];
    return {
      variable,
      meaning,
      expected,
      default: value === undefined ? null : String(value),
      required: value === undefined && !optional,
    };
  });
}
