import type { QueryRunner } from 'typeorm';
import { CONTEXTS } from './contexts';
import { findContractions } from './expand-only';

/** What a migration would run on a database that has nothing of it yet. */
async function statementsOf(migration: (typeof CONTEXTS)[number]['migrations'][number]): Promise<string[]> {
  const statements: string[] = [];
  const runner = {
    query: async (sql: string) => {
      statements.push(sql);
      return await Promise.resolve([]);
    },
  } as unknown as QueryRunner;
  await new migration().up(runner);
  return statements;
}

const MIGRATIONS = CONTEXTS.flatMap(({ migrations }) =>
  migrations.map((migration) => [migration.name, migration] as const),
);

/** Migrations that take away what the release before no longer uses: name, and the statements in lower case. */
const CONTRACTIONS: Readonly<Record<string, readonly string[]>> = {};

describe('the migrations', () => {
  it.each(MIGRATIONS)('%s only expands, or contracts what it is known to', async (name, migration) => {
    const statements = await statementsOf(migration);
    expect(statements.length).toBeGreaterThan(0);
    expect(findContractions(statements)).toEqual(CONTRACTIONS[name] ?? []);
  });
});

describe('the check of a migration', () => {
  it.each([
    'drop table kyc.users',
    'drop index kyc.user_history_user',
    'drop schema kyc cascade',
    'truncate kyc.inbox',
    'delete from kyc.inbox',
    'update kyc.users set banned = false',
    'alter table kyc.users drop column banned',
    'ALTER TABLE kyc.users\n  DROP COLUMN banned',
    'alter table kyc.users -- add column harmless text\n drop column banned',
    'alter table kyc.users rename column banned to barred',
    'alter table kyc.users rename to people',
    'alter table kyc.users alter column version type bigint',
    'alter table kyc.users alter column told_level set not null',
    'alter table kyc.users alter column version drop default',
    'alter table kyc.users add column rank integer not null',
    'alter table kyc.users add column rank integer unique',
    'alter table kyc.users add column rank integer check (rank > 0)',
    'alter table kyc.users add column of text references kyc.others (id)',
    'alter table kyc.users add column at timestamptz not null default clock_timestamp()',
    'alter table kyc.users add column id uuid default gen_random_uuid()',
    'alter table kyc.users add column rank integer, drop column banned',
    'alter table kyc.users add constraint known check (version > 0)',
    'alter table kyc.users add primary key (version)',
    'create index users_version on kyc.users (version)',
    'create unique index users_version on kyc.users (version)',
    'create unique index concurrently users_version on kyc.users (version)',
    'lock table kyc.users',
    'create trigger t before insert on kyc.users execute function f()',
  ])('finds %j', (statement) => {
    const among = ['create table kyc.new (id int)', statement, 'create index new_id on kyc.new (id)'];
    expect(findContractions(among)).toHaveLength(1);
  });

  it.each([
    'create table kyc.new (id int primary key)',
    'create sequence kyc.numbers',
    'create schema if not exists kyc',
    'create index concurrently users_version on kyc.users (version)',
    'alter table kyc.users add column rank integer',
    `alter table kyc.users add column rank text not null default 'none'`,
    'alter table kyc.users add column rank integer default -1 not null',
    'alter table kyc.users validate constraint known;',
    'select 1',
  ])('lets pass %j', (statement) => {
    expect(findContractions([statement])).toEqual([]);
  });
});
