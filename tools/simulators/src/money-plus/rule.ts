import { validateHeaderName, validateHeaderValue } from 'node:http';
import { ODD_REPLY_TYPES } from './behaviour';
import type { Behaviour } from './behaviour';

/** Which callbacks a rule is for; each field left out matches all. */
export interface RuleMatch {
  biz_id?: string;
  shopee_uid?: string;
  kind?: 'status' | 'info';
  event_id?: string;
  /** The nth attempt of its event, from 1; not in quick mode. */
  attempt?: number;
}

/** What the endpoint is told to do. Of several rules that match, the one set first rules, until it is used up. */
export interface Rule {
  /** Names the rule in the record; given out where left out. */
  id?: string;
  match?: RuleMatch;
  behaviour: Behaviour;
  /** So many callbacks; left out: until it is cleared. */
  times?: number;
}

/** A checked rule, or what is wrong with it and where. */
export type ParsedRule = { ok: true; rule: Rule } | { ok: false; field: string; message: string };

type FieldCheck = (value: unknown) => string | undefined;

const text: FieldCheck = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'must be a non-empty text';
const anyText: FieldCheck = (value) => (typeof value === 'string' ? undefined : 'must be a text');
const integer =
  (least: number, most: number): FieldCheck =>
  (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? undefined
      : `must be an integer from ${least} to ${most}`;
const oneOf =
  (...allowed: string[]): FieldCheck =>
  (value) =>
    allowed.includes(value as string) ? undefined : `must be one of ${allowed.join(', ')}`;

const DAY_MS = 86_400_000;
const positive = integer(1, Number.MAX_SAFE_INTEGER);
const code = integer(-2_147_483_648, 2_147_483_647);

const MATCH_FIELDS: Record<string, FieldCheck> = {
  biz_id: text,
  shopee_uid: text,
  kind: oneOf('status', 'info'),
  event_id: text,
  attempt: positive,
};

interface BehaviourShape {
  required?: Record<string, FieldCheck>;
  optional?: Record<string, FieldCheck>;
}

const BEHAVIOUR_SHAPES = new Map<string, BehaviourShape>([
  ['ok', {}],
  ['retcode', { required: { retcode: code }, optional: { message: anyText } }],
  ['errcode', { required: { errcode: code }, optional: { message: anyText } }],
  ['http', { required: { status: integer(200, 599) }, optional: { headers: checkHeaders, body: anyText } }],
  ['redirect', { optional: { status: integer(300, 399), location: text } }],
  ['timeout', { optional: { after_ms: integer(0, DAY_MS) } }],
  ['reset', { required: { when: oneOf('before-body', 'after-body', 'half-answer') } }],
  ['lost-answer', {}],
  ['huge', { optional: { bytes: integer(64, 1_073_741_824) } }],
  ['drip', { required: { every_ms: integer(1, DAY_MS) }, optional: { bytes_at_once: integer(1, 1024) } }],
  ...ODD_REPLY_TYPES.map((type): [string, BehaviourShape] => [type, {}]),
]);

/** Checks a rule that came from outside; the message names the field. `quick`: attempts are not counted. */
export function parseRule(value: unknown, quick: boolean): ParsedRule {
  const problem = findRuleProblem(value);
  if (problem !== undefined) return { ok: false, ...problem };
  const rule = value as Rule;
  return quick && rule.match?.attempt !== undefined
    ? { ok: false, field: 'match.attempt', message: 'is not counted in quick mode' }
    : { ok: true, rule };
}

function findRuleProblem(value: unknown): { field: string; message: string } | undefined {
  if (!isObject(value)) return { field: 'rule', message: 'must be an object' };
  const { behaviour, match } = value;
  if (!isObject(behaviour)) return { field: 'behaviour', message: 'must be an object with a type' };
  const shape = typeof behaviour.type === 'string' ? BEHAVIOUR_SHAPES.get(behaviour.type) : undefined;
  if (shape === undefined) {
    return { field: 'behaviour.type', message: `must be one of ${[...BEHAVIOUR_SHAPES.keys()].join(', ')}` };
  }
  return (
    findProblem('', value, {
      required: { behaviour: () => undefined },
      optional: {
        id: text,
        match: (it) => (isObject(it) ? undefined : 'must be an object'),
        times: positive,
      },
    }) ??
    findProblem('match.', isObject(match) ? match : {}, { optional: MATCH_FIELDS }) ??
    findProblem('behaviour.', behaviour, { ...shape, required: { type: text, ...shape.required } })
  );
}

function findProblem(
  path: string,
  value: Record<string, unknown>,
  shape: BehaviourShape,
): { field: string; message: string } | undefined {
  for (const [name, check] of Object.entries(shape.required ?? {})) {
    const message = check(value[name]);
    if (message !== undefined) return { field: path + name, message };
  }
  for (const [name, given] of Object.entries(value)) {
    if (Object.hasOwn(shape.required ?? {}, name)) continue;
    const optional = shape.optional ?? {};
    const check = Object.hasOwn(optional, name) ? optional[name] : undefined;
    if (check === undefined) return { field: path + name, message: 'is unknown' };
    const message = check(given);
    if (message !== undefined) return { field: path + name, message };
  }
  return undefined;
}

function checkHeaders(value: unknown): string | undefined {
  if (!isObject(value)) return 'must be an object of texts';
  for (const [name, header] of Object.entries(value)) {
    if (typeof header !== 'string') return 'must be an object of texts';
    try {
      validateHeaderName(name);
      validateHeaderValue(name, header);
    } catch {
      return 'holds a name or value that HTTP does not allow';
    }
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
