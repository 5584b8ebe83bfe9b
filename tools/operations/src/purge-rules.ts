import type { PurgeRule } from '@kyc-relay/persistence';
import { CONTEXTS, type Context } from './contexts';

/**
 * What a command is to purge, context by context.
 * @throws Error when there is no such context or nothing is purged from such a table; ConfigError on a wrong setting
 */
export function selectRules(
  { context, table }: { context?: string | undefined; table?: string | undefined },
  env: NodeJS.ProcessEnv,
): { context: Context; rules: PurgeRule[] }[] {
  const contexts = CONTEXTS.filter(({ schema }) => context === undefined || context === schema);
  if (contexts.length === 0)
    throw new Error(
      `there is no context ${String(context)}, only ${CONTEXTS.map(({ schema }) => schema).join(', ')}`,
    );
  const selected = contexts
    .map((one) => ({
      context: one,
      rules: one.purges(env).filter((rule) => table === undefined || rule.table === `${one.schema}.${table}`),
    }))
    .filter(({ rules }) => rules.length > 0);
  if (selected.length === 0) throw new Error(`nothing is purged from a table ${String(table)}`);
  return selected;
}
