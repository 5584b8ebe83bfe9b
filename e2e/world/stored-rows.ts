import { Client } from 'pg';

/** Works with a connection of its own. */
export async function withStore<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The tables of some schemas, of all of ours where none are named. */
export async function listTables(client: Client, schemas?: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
       and ($1::text[] is null or table_schema = any($1)) order by 1`,
    [schemas ?? null],
  );
  return rows.map(({ name }) => name);
}

/** All rows of a table as text, every column; bytes as hex. */
export async function readTable(client: Client, name: string): Promise<string> {
  const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} as t`);
  return rows.map(({ row }) => row).join('\n');
}
