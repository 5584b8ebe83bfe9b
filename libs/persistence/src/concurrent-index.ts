import type { QueryRunner } from 'typeorm';

/**
 * Builds an index beside whoever reads and writes its table; for migrations, which must then set `transaction = false`.
 * A build that was broken off leaves an index that nothing uses: it is dropped and built anew.
 *
 * @param index `on` is the table with its schema and what is indexed, as in `create index … on`
 */
export async function createIndexConcurrently(
  runner: Pick<QueryRunner, 'query'>,
  index: { schema: string; name: string; on: string },
): Promise<void> {
  const name = `${index.schema}.${index.name}`;
  const [found] = (await runner.query(
    'select indisvalid as valid from pg_index where indexrelid = to_regclass($1)',
    [name],
  )) as { valid: boolean }[];
  if (found?.valid === true) return;
  if (found) await runner.query(`drop index concurrently ${name}`);
  await runner.query(`create index concurrently ${index.name} on ${index.on}`);
}
