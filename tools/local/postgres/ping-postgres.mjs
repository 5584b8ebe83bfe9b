/**
 * Whether a server answers a query.
 *
 * @param {string} url
 * @throws when it does not
 */
export async function pingPostgres(url) {
  await withClient(url, async (client) => await client.query('select 1'));
}

/**
 * Makes a database, unless it is there.
 *
 * @param {string} url of a database of the same server
 * @param {string} name letters, digits and `_`
 */
export async function createDatabase(url, name) {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${name}`);
  });
}

/**
 * @template T
 * @param {string} url
 * @param {(client: import('pg').Client) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withClient(url, work) {
  // Only here: nothing is installed yet when this file is read.
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  // A connection lost in between fails the query; unheard, the event would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}
