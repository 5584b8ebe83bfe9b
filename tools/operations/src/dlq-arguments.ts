import { parseArgs } from 'node:util';

/** What the operator asked for. */
export interface DlqCommand {
  verb: 'list' | 'replay' | 'parked' | 'release' | 'drop';
  /** The topic whose DLQ or parked keys are meant (not the DLQ's own name). */
  topic: string;
  code?: string | undefined;
  key?: string | undefined;
  dryRun: boolean;
  reason?: string | undefined;
  /** Who acts, for the audit; in a cluster every operator is the same user of the operating system. */
  actor?: string | undefined;
}

export const USAGE = `npm run dlq -- list    --topic T [--code C] [--key K]
npm run dlq -- replay  --topic T [--code C] [--key K] [--dry-run]
npm run dlq -- parked  --topic T [--key K]
npm run dlq -- release --topic T [--key K] --reason R [--actor NAME]
npm run dlq -- drop    --topic T [--key K] --reason R [--actor NAME]

list and replay read the dead letters of T; parked, release and drop deal with keys of T whose messages wait.
The actor is who stands in the audit, without one the user who runs the command.
KAFKA_BROKERS and DATABASE_URL say where.`;

const VERBS = ['list', 'replay', 'parked', 'release', 'drop'] as const;

/** Reads the command line; an Error says what is wrong with it. */
export function parseDlqCommand(args: string[]): DlqCommand {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      topic: { type: 'string' },
      code: { type: 'string' },
      key: { type: 'string' },
      reason: { type: 'string' },
      actor: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
    },
  });
  const verb = VERBS.find((one) => one === positionals[0]);
  if (!verb || positionals.length !== 1) throw new Error(USAGE);
  if (values.topic === undefined) throw new Error(`--topic is missing\n\n${USAGE}`);
  if ((verb === 'release' || verb === 'drop') && (values.reason ?? '').trim() === '')
    throw new Error(`--reason is missing\n\n${USAGE}`);
  if (values.actor?.trim() === '') throw new Error(`--actor is empty\n\n${USAGE}`);
  return {
    verb,
    topic: values.topic.replace(/\.dlq$/, ''),
    code: values.code,
    key: values.key,
    dryRun: values['dry-run'],
    reason: values.reason,
    actor: values.actor,
  };
}
