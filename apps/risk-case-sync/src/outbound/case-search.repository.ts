import type { Database } from '@kyc-relay/persistence';
import type { CaseQuery } from '../domain/case-query';
import { boundsOfDay } from '../domain/months';
import { formatInstant, localDay, type Instant, type Zone } from '../domain/zone-time';

/** A page of cases: their rows, still sealed, and how many cases match in all. */
export interface FoundCases {
  rows: { flowNo: string; raw: Buffer }[];
  total: number;
}

/** Where a page begins: behind so many of the cases that were created up to then. */
interface PageStart {
  upTo: Instant | undefined;
  skip: number;
}

/**
 * Pages through the copy, newest first, by one index for each kind of filter. Totals come from the counts kept by day, and
 * so does the place where a page begins, so that a deep page costs as much as the first.
 */
export class CaseSearchRepository {
  constructor(private readonly database: Database) {}

  async find(query: CaseQuery, zone: Zone): Promise<FoundCases> {
    const offset = (query.page - 1) * query.pageSize;
    // The days at the ends are counted each for itself, as if there were days between them.
    if (query.from !== undefined && query.to !== undefined && query.from > query.to)
      return { rows: [], total: 0 };
    if (query.flowNos.length > 0) return await this.findNamed(query, offset);
    if (query.mercNums.length > 0) return await this.findOfMerchants(query, offset);
    const { total, start } = await this.locate(query, offset, zone);
    if (offset >= total) return { rows: [], total };
    const upToThen = { ...query, to: start.upTo };
    const rows =
      query.statuses.length > 0
        ? await this.readPage(BY_STATUS, upToThen, query.statuses, start.skip)
        : await this.readPage(OF_ANY_STATUS, upToThen, [''], start.skip);
    return { total, rows };
  }

  /** Cases by their numbers: a hundred at most. */
  private async findNamed(query: CaseQuery, offset: number): Promise<FoundCases> {
    const rows = await this.database.query<{ flow_no: string; raw: Buffer | null; total: string }>(NAMED, [
      ...filterOf(query),
      query.flowNos,
      query.mercNums.length > 0 ? query.mercNums : null,
      offset,
      query.pageSize,
    ]);
    return {
      rows: rows.flatMap(({ flow_no: flowNo, raw }) => (raw ? { flowNo, raw } : [])),
      total: Number(rows[0]?.total ?? 0),
    };
  }

  private async findOfMerchants(query: CaseQuery, offset: number): Promise<FoundCases> {
    const counted = await this.database.query<{ total: string }>(COUNT_OF_MERCHANTS, [
      ...filterOf(query),
      query.mercNums,
    ]);
    const total = Number(counted[0]?.total ?? 0);
    if (offset >= total) return { rows: [], total };
    return { total, rows: await this.readPage(BY_MERCHANT, query, query.mercNums, offset) };
  }

  /** How many cases match, and on which day the page begins. */
  private async locate(
    query: CaseQuery,
    offset: number,
    zone: Zone,
  ): Promise<{ total: number; start: PageStart }> {
    const { agent, statuses, from, to } = query;
    const [fromDay, toDay] = [from, to].map((at) => (at === undefined ? null : localDay(at, zone)));
    const rows = await this.database.query<{ total: string; day: string | null; before: string | null }>(
      LOCATE,
      [
        agent,
        statuses.length > 0 ? statuses : null,
        fromDay,
        toDay,
        // The days at both ends are counted from the cases themselves, as far as they are asked for.
        from === undefined ? null : formatInstant(from),
        fromDay ? formatInstant(boundsOfDay(fromDay, zone).last) : null,
        toDay
          ? formatInstant(Math.max(boundsOfDay(toDay, zone).first, from ?? Number.NEGATIVE_INFINITY))
          : null,
        to === undefined ? null : formatInstant(to),
        offset,
      ],
    );
    const { total = '0', day = null, before = null } = rows[0] ?? {};
    if (day === null || before === null)
      return { total: Number(total), start: { upTo: query.to, skip: offset } };
    const end = boundsOfDay(day, zone).last;
    return {
      total: Number(total),
      start: { upTo: query.to === undefined ? end : Math.min(end, query.to), skip: offset - Number(before) },
    };
  }

  private async readPage(
    sql: string,
    query: CaseQuery,
    lists: readonly string[],
    skip: number,
  ): Promise<FoundCases['rows']> {
    const rows = await this.database.query<{ flow_no: string; raw: Buffer }>(sql, [
      ...filterOf(query),
      lists,
      skip,
      query.pageSize,
      skip + query.pageSize,
    ]);
    return rows.map(({ flow_no: flowNo, raw }) => ({ flowNo, raw }));
  }
}

/** $1 agent, $2 statuses or null, $3 and $4 the bounds of the creation time. */
function filterOf({ agent, statuses, from, to }: CaseQuery): unknown[] {
  return [
    agent,
    statuses.length > 0 ? statuses : null,
    from === undefined ? '-infinity' : formatInstant(from),
    to === undefined ? 'infinity' : formatInstant(to),
  ];
}

const NAMED = `with found as (
    select flow_no, created_at from risk.cases
    where flow_no = any($5::text[]) and agent = $1 and ($2::text[] is null or status = any($2))
      and ($6::text[] is null or merc_num = any($6)) and created_at between $3::timestamptz and $4::timestamptz
  ), page as (
    select flow_no, created_at from found order by created_at desc, flow_no desc offset $7 limit $8
  )
  select p.flow_no, c.raw, t.total from (select count(*) as total from found) t
    left join page p on true left join risk.case_contents c on c.flow_no = p.flow_no
  order by p.created_at desc, p.flow_no desc`;

const COUNT_OF_MERCHANTS = `select count(*) as total from risk.cases
  where agent = $1 and merc_num = any($5::text[]) and ($2::text[] is null or status = any($2))
    and created_at between $3::timestamptz and $4::timestamptz`;

/** One ordered list for each status or merchant, put together in order; $5 the lists, $6 skip, $7 rows, $8 both. */
function pageSql(condition: string): string {
  return `with keys as (
      select k.flow_no, k.created_at from unnest($5::text[]) as list (value)
      cross join lateral (
        select flow_no, created_at from risk.cases
        where agent = $1 and created_at between $3::timestamptz and $4::timestamptz and ${condition}
        order by created_at desc, flow_no desc limit $8
      ) k
      order by k.created_at desc, k.flow_no desc offset $6 limit $7
    )
    select keys.flow_no, c.raw from keys join risk.case_contents c on c.flow_no = keys.flow_no
    order by keys.created_at desc, keys.flow_no desc`;
}

const BY_MERCHANT = pageSql(`merc_num = list.value and ($2::text[] is null or status = any($2))`);
const BY_STATUS = pageSql(`status = list.value and $2::text[] is not null`);
const OF_ANY_STATUS = pageSql(`$2::text[] is null`);

const MATCHES = `agent = $1 and ($2::text[] is null or status = any($2))`;

/** The total, the day on which the row at the offset was created, and how many match that are newer than that day. */
const LOCATE = `with days as (
    select day, sum(cases) as cases from risk.day_counts
    where ${MATCHES} and ($3::date is null or day > $3) and ($4::date is null or day < $4) group by day
    union all
    select $4::date, count(*) from risk.cases
    where ${MATCHES} and $4 is not null and created_at between $7::timestamptz and $8::timestamptz
    union all
    select $3::date, count(*) from risk.cases
    where ${MATCHES} and $3 is not null and $3 is distinct from $4 and created_at between $5::timestamptz and $6::timestamptz
  ), running as (
    select day, cases, sum(cases) over (order by day desc) as up_to from days
  )
  select t.total, r.day::text, r.before from (select coalesce(sum(cases), 0) as total from days) t
    left join lateral (
      select day, up_to - cases as before from running where up_to > $9::bigint order by day desc limit 1
    ) r on true`;
