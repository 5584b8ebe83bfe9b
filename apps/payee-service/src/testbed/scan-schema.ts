import type { TestDatabase } from '@kyc-relay/testing';

/** The tables of the `payee` schema. */
export async function tablesOf(database: TestDatabase): Promise<string[]> {
  const rows = await database.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'payee' order by 1`,
  );
  return rows.map(({ name }) => `payee.${name}`);
}

/** The tables that hold a text anywhere in a row, in clear or as the bytes of a `bytea`. */
export async function findText(database: TestDatabase, text: string): Promise<string[]> {
  const found: string[] = [];
  const hex = Buffer.from(text).toString('hex');
  for (const table of await tablesOf(database)) {
    const rows = await database.query(
      `select from ${table} as t where position($1 in t::text) > 0 or position($2 in t::text) > 0 limit 1`,
      // A row as text doubles quotes and backslashes; the texts that are looked for have none.
      [text, hex],
    );
    if (rows.length > 0) found.push(table);
  }
  return found;
}
