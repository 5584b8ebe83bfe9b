/** What the old version never notices, statement by statement; anything else is a contraction or a lock. */
const EXPANSIONS: readonly RegExp[] = [
  /^create schema if not exists \w+$/,
  /^create sequence /,
  /^create index concurrently /,
  /^alter table \S+ validate constraint \w+$/,
];

const CREATES_TABLE = /^create table (?:if not exists )?(\S+)/;
const INDEXES = /^create (?:unique )?index (?!concurrently)(?:if not exists )?\S+ on (\S+)/;
const ALTERS = /^alter table (\S+) (.*)$/;
/** A constant default is kept in the catalogue; one that is computed would have every row written anew. */
const ADDS_COLUMN = /^add column (?:if not exists )?\w+ (.*)$/;
const CONSTANT = /\bdefault (?:'[^']*'(?:::\w+)?|-?\d+(?:\.\d+)?|true|false|null)(?= |$)/;

/**
 * What of a migration the version that is still running would not survive, or would have to wait for; empty when it only
 * expands (CONTRIBUTING.md, "Migrations").
 *
 * @param statements those of one migration, in order; what reads only is left out of account
 */
export function findContractions(statements: readonly string[]): string[] {
  const own = new Set<string>();
  return statements.map(normalise).filter((statement) => !expands(statement, own));
}

function expands(statement: string, own: Set<string>): boolean {
  if (statement.startsWith('select ')) return true;
  const [, created] = CREATES_TABLE.exec(statement) ?? [];
  if (created !== undefined) {
    own.add(created);
    return true;
  }
  const [, indexed] = INDEXES.exec(statement) ?? [];
  // Nobody uses a table yet that the same migration makes.
  if (indexed !== undefined) return own.has(indexed);
  const [, altered, change = ''] = ALTERS.exec(statement) ?? [];
  if (altered !== undefined && own.has(altered)) return true;
  const [, column] = ADDS_COLUMN.exec(change) ?? [];
  if (column !== undefined) return addsHarmlessly(column);
  return EXPANSIONS.some((expansion) => expansion.test(statement));
}

/** @param column its type and constraints */
function addsHarmlessly(column: string): boolean {
  // A second action, a check of every row or a lock on another table.
  if (/,\s*(?:add|drop|alter|rename)\b|\b(?:unique|primary key|references|check|generated)\b/.test(column))
    return false;
  if (/\bdefault\b/.test(column)) return CONSTANT.test(column);
  return !/\bnot null\b/.test(column);
}

function normalise(statement: string): string {
  return statement
    .replaceAll(/--.*$/gm, ' ')
    .replaceAll(/\s+/g, ' ')
    .replace(/;\s*$/, '')
    .trim()
    .toLowerCase();
}
