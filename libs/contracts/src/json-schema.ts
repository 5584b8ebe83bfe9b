import 'reflect-metadata';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage';
import { getMetadataStorage, IS_OPTIONAL } from 'class-validator';
import type { DtoClass } from './compiled-rules';

/** A JSON Schema (draft 2020-12), of the keywords that API documents use. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  uniqueItems?: boolean;
  oneOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  examples?: unknown[];
}

type Rule = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** What a rule means in JSON Schema, by the rule's name; rules that are not here are told by the field's type alone. */
const KEYWORDS: Readonly<Record<string, (...constraints: never[]) => JsonSchema>> = {
  equals: (value: unknown) => ({ const: value }),
  isIn: (values: readonly unknown[]) => ({ enum: [...values] }),
  isText: (min: number, max: number) => ({ type: 'string', minLength: min, maxLength: max }),
  matches: (pattern: RegExp) => ({ type: 'string', pattern: sourceOf(pattern) }),
  isString: () => ({ type: 'string' }),
  minLength: (min: number) => ({ minLength: min }),
  isInt: () => ({ type: 'integer' }),
  isBoolean: () => ({ type: 'boolean' }),
  isObject: () => ({ type: 'object' }),
  min: (value: number) => ({ minimum: value }),
  max: (value: number) => ({ maximum: value }),
  isTimestamp: () => ({ type: 'string', format: 'date-time' }),
  hasAnyField: () => ({ minProperties: 1 }),
  arrayMinSize: (size: number) => ({ minItems: size }),
  arrayMaxSize: (size: number) => ({ maxItems: size }),
  arrayNotEmpty: () => ({ minItems: 1 }),
  arrayUnique: () => ({ uniqueItems: true }),
  // Null, or a name; null, or anything but a number: what a changed field was and is.
  isFieldName: () => ({ type: ['string', 'null'] }),
  isCaseValue: () => ({ type: ['string', 'array', 'object', 'null'] }),
};

const TYPES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'boolean'],
  [Array, 'array'],
]);

/** A pattern has no flags there; ours that ignore case are of hexadecimal digits. */
function sourceOf({ source, ignoreCase }: RegExp): string {
  return ignoreCase ? source.replaceAll('a-f', 'a-fA-F') : source;
}

/**
 * The JSON Schema of a class with class-validator decorators, for the documents of our APIs and topics. Fields stand in
 * the order in which the class declares them.
 *
 * @param dto the class
 * @param unknownFields whether other fields are let through
 */
export function jsonSchemaOf(dto: DtoClass, unknownFields: 'refused' | 'ignored' = 'refused'): JsonSchema {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const names = [...new Set(rules.map(({ propertyName }) => propertyName))];
  const fields = names.map((name) => ({
    name,
    rules: rules.filter(({ propertyName }) => propertyName === name),
  }));
  const required = fields.filter(({ rules: own }) => !own.some(isCondition)).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(
      fields.map(({ name, rules: own }) => [name, schemaOfField(dto, name, own, unknownFields)]),
    ),
    ...(required.length > 0 ? { required } : {}),
    ...(unknownFields === 'refused' ? { additionalProperties: false } : {}),
  };
}

function isCondition({ type }: Rule): boolean {
  return type === 'conditionalValidation';
}

function schemaOfField(
  dto: DtoClass,
  name: string,
  rules: readonly Rule[],
  unknownFields: 'refused' | 'ignored',
): JsonSchema {
  const declared = TYPES.get(Reflect.getMetadata('design:type', dto.prototype as object, name));
  const nested = rules.find(({ type }) => type === 'nestedValidation');
  const element = nested ? jsonSchemaOf(classOf(dto, name), unknownFields) : {};
  const own = keywordsOf(rules.filter(({ each }) => !each));
  const ofElements = keywordsOf(rules.filter(({ each }) => each));
  if (declared === 'array')
    return orNull({ type: 'array', items: nested ? element : withType(ofElements), ...own }, rules);
  return orNull(withType({ ...element, ...own }, declared), rules);
}

/** `IsOptional` takes null for absent; `MayBeAbsent` does not. */
function orNull(schema: JsonSchema, rules: readonly Rule[]): JsonSchema {
  if (!rules.some((rule) => isCondition(rule) && rule.name === IS_OPTIONAL)) return schema;
  const { type, enum: values } = schema;
  return {
    ...schema,
    ...(typeof type === 'string' ? { type: [type, 'null'] } : {}),
    ...(values ? { enum: [...values, null] } : {}),
  };
}

function keywordsOf(rules: readonly Rule[]): JsonSchema {
  const known = rules.flatMap(({ name, constraints }) => {
    const keyword = KEYWORDS[name ?? ''];
    return keyword ? [keyword(...((constraints as never[] | undefined) ?? []))] : [];
  });
  return Object.assign({}, ...known.reverse()) as JsonSchema;
}

/** A schema without a type says less than it could; an enumeration has that of its values. */
function withType(schema: JsonSchema, declared?: string): JsonSchema {
  if (schema.type !== undefined || schema.const !== undefined) return schema;
  const [first] = schema.enum ?? [];
  if (first !== undefined) return { type: typeof first === 'number' ? 'integer' : typeof first, ...schema };
  return Object.keys(schema).length === 0 || declared !== undefined
    ? { type: declared ?? 'string', ...schema }
    : schema;
}

function classOf(dto: DtoClass, name: string): DtoClass {
  const typed = defaultMetadataStorage.findTypeMetadata(dto, name) as
    ReturnType<typeof defaultMetadataStorage.findTypeMetadata> | undefined;
  if (!typed) throw new Error(`${dto.name}.${name} is nested and has no @Type()`);
  return typed.typeFunction() as DtoClass;
}
