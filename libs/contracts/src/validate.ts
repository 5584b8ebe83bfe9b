import { rulesOf, type ClassRules, type DtoClass, type FieldRules } from './compiled-rules';
import type { Checked, FieldError } from './problem';
import { findUnsafeText, isSafeText, MAX_DEPTH, UNSAFE_TEXT_MESSAGE } from './safe-text';

/** What to do with fields that the class does not declare. */
export type UnknownFields = 'refused' | 'ignored';

/** More errors than this tell a caller nothing new, and a hostile input could hold a hundred thousand. */
const MAX_ERRORS = 20;
/** Only such a field name is repeated in an error; anything else could be a value in a field's place. */
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;

interface Run {
  errors: FieldError[];
  unknownFields: UnknownFields;
}

/**
 * Checks a JSON value against the class-validator decorators of a class and gives an instance of the class. Unknown fields
 * are refused, so are NUL and half surrogates in any text. Values are never converted. A field whose condition does not
 * hold (`IsOptional` with null, `ValidateIf`) is left out of the instance. One error per field, at most 20.
 *
 * @param dto the class; nested classes carry `@ValidateNested()` and `@Type()`
 * @param plain any JSON value
 * @param path where the value stands in the whole input, the first part of the fields of the errors
 * @param unknownFields `ignored` for a reader that must live with newer writers; their text is checked all the same
 */
export function validateDto<T extends object>(
  dto: DtoClass<T>,
  plain: unknown,
  path = '',
  unknownFields: UnknownFields = 'refused',
): Checked<T> {
  const run: Run = { errors: [], unknownFields };
  const value = readObject(dto, plain, path, 0, run);
  return run.errors.length === 0 ? { ok: true, value } : { ok: false, errors: run.errors };
}

function readObject<T extends object>(
  dto: DtoClass<T>,
  plain: unknown,
  path: string,
  depth: number,
  run: Run,
): T {
  const result = new dto();
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    report(run, path === '' ? 'body' : path, plain === undefined ? 'is missing' : 'must be an object');
    return result;
  }
  if (depth > MAX_DEPTH) {
    report(run, path, `must not be nested more than ${MAX_DEPTH} deep`);
    return result;
  }
  const rules = rulesOf(dto);
  const source = plain as Record<string, unknown>;
  readUnknownFields(source, rules, path, run);
  for (const field of rules.values()) {
    if (run.errors.length >= MAX_ERRORS) break;
    const value = readField(field, source, path === '' ? field.name : `${path}.${field.name}`, depth, run);
    if (value !== undefined) (result as Record<string, unknown>)[field.name] = value;
  }
  return result;
}

function readUnknownFields(source: Record<string, unknown>, rules: ClassRules, path: string, run: Run): void {
  for (const name of Object.keys(source)) {
    if (run.errors.length >= MAX_ERRORS) return;
    if (rules.has(name)) continue;
    const named = PLAIN_NAME.test(name);
    const field = named ? join(path, name) : path === '' ? 'body' : path;
    if (run.unknownFields === 'refused') {
      report(run, field, named ? 'is not a known field' : 'has an unknown field');
    } else {
      const broken = isSafeText(name) ? findUnsafeText(source[name]) : UNSAFE_TEXT_MESSAGE;
      if (broken !== null) report(run, field, broken);
    }
  }
}

function readField(
  field: FieldRules,
  source: Record<string, unknown>,
  path: string,
  depth: number,
  run: Run,
): unknown {
  const value = source[field.name];
  for (const holds of field.conditions) if (!holds(source, value)) return undefined;
  for (const rule of field.rules) {
    if (rule.isBroken(value, source)) {
      report(run, path, value === undefined ? 'is missing' : rule.message(source));
      return undefined;
    }
  }
  if (field.nested?.each === true || field.elementRules.length > 0)
    return readElements(field, value, source, path, depth, run);
  if (field.nested !== null) return readObject(field.nested.dto, value, path, depth + 1, run);
  return readLeaf(value, path, run);
}

function readElements(
  field: FieldRules,
  value: unknown,
  source: object,
  path: string,
  depth: number,
  run: Run,
): unknown {
  if (!Array.isArray(value)) {
    report(run, path, value === undefined ? 'is missing' : 'must be an array');
    return undefined;
  }
  const result: unknown[] = [];
  for (const [index, element] of (value as unknown[]).entries()) {
    if (run.errors.length >= MAX_ERRORS) break;
    const elementPath = `${path}[${index}]`;
    const broken = field.elementRules.find((rule) => rule.isBroken(element, source));
    if (broken !== undefined) report(run, elementPath, broken.message(source));
    else if (field.nested === null) result.push(readLeaf(element, elementPath, run));
    else result.push(readObject(field.nested.dto, element, elementPath, depth + 1, run));
  }
  return result;
}

function readLeaf(value: unknown, path: string, run: Run): unknown {
  const broken = findUnsafeText(value);
  if (broken !== null) report(run, path, broken);
  return value;
}

function report(run: Run, field: string, message: string): void {
  run.errors.push({ field, message });
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
