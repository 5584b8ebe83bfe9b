import 'reflect-metadata';
import { Expose, Transform } from 'class-transformer';
import { ValidateBy } from 'class-validator';
import type { SettingReader } from './setting-readers';

/** What `@Setting` says of one property of a configuration class. */
export interface SettingDeclaration {
  /** Name of the property. */
  property: string;
  /** Name of the environment variable. */
  variable: string;
  /** What it sets, in a sentence for READMEs, with its unit. */
  meaning: string;
  /** What its text must be, after "must be". */
  expected: string;
  /** May be absent though it has no default. */
  optional: boolean;
}

/** A class of settings; its property initialisers are the defaults. */
export type ConfigClass<T extends object = object> = new () => T;

/** Stands where a text could not be read, so that it is told apart from an absent one. */
const UNREADABLE = Symbol('unreadable setting');

const declarations = new WeakMap<object, SettingDeclaration[]>();

/**
 * Binds a property of a configuration class to an environment variable. The property's initialiser is the
 * default; without one the variable is mandatory unless `optional`.
 *
 * @param variable name of the environment variable
 * @param options `meaning` is what READMEs say of it; `reads` turns the text into the value
 */
export function Setting(
  variable: string,
  options: { meaning: string; reads: SettingReader; optional?: boolean },
): PropertyDecorator {
  const { meaning, reads, optional = false } = options;
  return (target, property) => {
    const own = declarations.get(target.constructor) ?? [];
    own.push({ property: String(property), variable, meaning, expected: reads.expected, optional });
    declarations.set(target.constructor, own);

    Expose({ name: variable })(target, property);
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (reads.read(value) ?? UNREADABLE) : value,
    )(target, property);
    ValidateBy({
      name: 'setting',
      validator: {
        validate: (value) => (value === undefined ? optional : value !== UNREADABLE),
        defaultMessage: (about) =>
          about?.value === undefined ? `is missing: ${reads.expected}` : `must be ${reads.expected}`,
      },
    })(target, property);
  };
}

/** The settings of a class, those of the classes it extends first, in the order they are written. */
export function settingsOf(config: ConfigClass): SettingDeclaration[] {
  const parent = Object.getPrototypeOf(config) as ConfigClass | null;
  return [...(parent === null ? [] : settingsOf(parent)), ...(declarations.get(config) ?? [])];
}
