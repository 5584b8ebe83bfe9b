import type { KeyRing } from '@kyc-relay/crypto';
import type { Tx } from '@kyc-relay/persistence';
import type { CopiedCase } from '../domain/copied-case';
import type { CaseContent } from '../domain/normalise-case';
import { formatInstant, type Instant } from '../domain/zone-time';

/** A case to be written. */
export interface CaseToWrite {
  flowNo: string;
  one: CopiedCase;
  /** Normalised and masked. */
  content: CaseContent;
}

interface CaseRow {
  flow_no: string;
  agent: string;
  status: string;
  merc_num: string;
  created_at: Date;
  created_day: string;
  version: number;
  asked_at: Date;
  changed_at: Date;
  measure: string | null;
  remark: string | null;
}

/** Another transaction has just inserted a case that this one was about to insert; done again, it will find it. */
export class LostInsert extends Error {
  constructor() {
    super('another transaction inserted the same case');
    this.name = 'LostInsert';
  }
}

/** The copy of the partner's cases. */
export class CasesRepository {
  constructor(private readonly keyRing: KeyRing) {}

  /** Locks the cases that are known of these, in the order of their numbers, and reads them. */
  async lock(tx: Tx, flowNos: readonly string[]): Promise<Map<string, CopiedCase>> {
    const rows = await tx.query<CaseRow>(
      `select flow_no, agent, status, merc_num, created_at, created_day::text, version, asked_at, changed_at, measure, remark
       from risk.cases where flow_no = any($1::text[]) order by flow_no for update`,
      [flowNos],
    );
    if (rows.length === 0) return new Map();
    // Read behind the locks: what another transaction has just committed must be seen.
    const raws = await this.readRaws(
      tx,
      rows.map((row) => row.flow_no),
    );
    return new Map(rows.map((row) => [row.flow_no, toCopied(row, raws.get(row.flow_no) ?? '{}')]));
  }

  /** The rows of these cases as the partner last gave them, opened. */
  async readRaws(tx: Tx, flowNos: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.query<{ flow_no: string; raw: Buffer }>(
      `select flow_no, raw from risk.case_contents where flow_no = any($1::text[])`,
      [flowNos],
    );
    return new Map(rows.map(({ flow_no: flowNo, raw }) => [flowNo, this.openRaw(flowNo, raw)]));
  }

  /** Opens a sealed row. */
  openRaw(flowNo: string, sealed: Buffer): string {
    return this.keyRing.open(sealed, placeOf(flowNo)).toString('utf8');
  }

  /** Inserts cases that were not known. @throws LostInsert */
  async insert(tx: Tx, cases: readonly CaseToWrite[]): Promise<void> {
    if (cases.length === 0) return;
    const inserted = await tx.execute(INSERT_CASES, [JSON.stringify(cases.map(toJson))]);
    if (inserted < cases.length) throw new LostInsert();
    await tx.execute(INSERT_CONTENTS, [this.contentsOf(cases)]);
  }

  /** Writes cases that were locked before. */
  async update(tx: Tx, cases: readonly CaseToWrite[]): Promise<void> {
    if (cases.length === 0) return;
    await tx.execute(UPDATE_CASES, [JSON.stringify(cases.map(toJson))]);
    await tx.execute(UPDATE_CONTENTS, [this.contentsOf(cases)]);
  }

  /** Notes that locked cases were seen again, just as they are. */
  async touch(tx: Tx, seen: ReadonlyMap<string, Instant>): Promise<void> {
    if (seen.size === 0) return;
    await tx.execute(
      `update risk.cases c set asked_at = s.asked_at, missing_since = null
       from unnest($1::text[], $2::timestamptz[]) as s (flow_no, asked_at) where c.flow_no = s.flow_no`,
      [[...seen.keys()], [...seen.values()].map(formatInstant)],
    );
  }

  /** Notes that the partner no longer returns these cases; how many of them it did return before. */
  async markMissing(tx: Tx, flowNos: readonly string[], askedAt: Instant): Promise<number> {
    if (flowNos.length === 0) return 0;
    const rows = await tx.query<{ was_there: boolean }>(
      `with asked as (
         select flow_no, missing_since is null as was_there from risk.cases
         where flow_no = any($1::text[]) and asked_at <= $2 order by flow_no for update
       )
       update risk.cases c set asked_at = $2, missing_since = coalesce(c.missing_since, now())
       from asked where c.flow_no = asked.flow_no returning asked.was_there`,
      [flowNos, formatInstant(askedAt)],
    );
    return rows.filter((row) => row.was_there).length;
  }

  private contentsOf(cases: readonly CaseToWrite[]): string {
    return JSON.stringify(
      cases.map(({ flowNo, one, content }) => ({
        flow_no: flowNo,
        raw: this.keyRing.seal(one.raw, placeOf(flowNo)).toString('base64'),
        content,
      })),
    );
  }
}

/** Where a sealed row belongs. */
export function placeOf(flowNo: string): { table: string; column: string; row: string } {
  return { table: 'risk.case_contents', column: 'raw', row: flowNo };
}

function toCopied(row: CaseRow, raw: string): CopiedCase {
  return {
    agent: row.agent,
    place: {
      status: row.status,
      mercNum: row.merc_num,
      createdAt: row.created_at.getTime(),
      createdDay: row.created_day,
    },
    version: row.version,
    askedAt: row.asked_at.getTime(),
    changedAt: row.changed_at.getTime(),
    raw,
    notes: {
      ...(row.measure === null ? {} : { measure: row.measure }),
      ...(row.remark === null ? {} : { remark: row.remark }),
    },
  };
}

function toJson({ flowNo, one }: CaseToWrite): Record<string, unknown> {
  return {
    flow_no: flowNo,
    agent: one.agent,
    status: one.place.status,
    merc_num: one.place.mercNum,
    created_at: formatInstant(one.place.createdAt),
    created_day: one.place.createdDay,
    version: one.version,
    asked_at: formatInstant(one.askedAt),
    changed_at: formatInstant(one.changedAt),
    measure: one.notes.measure ?? null,
    remark: one.notes.remark ?? null,
  };
}

const RECORD = `json_to_recordset($1::json) as n (flow_no text, agent text, status text, merc_num text,
  created_at timestamptz, created_day date, version int, asked_at timestamptz, changed_at timestamptz, measure text,
  remark text)`;

// In the order of their numbers, so that two transactions that insert the same cases wait for each other, not for ever.
const INSERT_CASES = `insert into risk.cases
    (flow_no, agent, status, merc_num, created_at, created_day, version, asked_at, changed_at, measure, remark)
  select * from ${RECORD} order by flow_no collate "C" on conflict do nothing`;

const UPDATE_CASES = `update risk.cases c set
    agent = n.agent, status = n.status, merc_num = n.merc_num, created_at = n.created_at, created_day = n.created_day,
    version = n.version, asked_at = n.asked_at, changed_at = n.changed_at, missing_since = null,
    measure = n.measure, remark = n.remark
  from ${RECORD} where c.flow_no = n.flow_no`;

const CONTENTS = `json_to_recordset($1::json) as n (flow_no text, raw text, content jsonb)`;

const INSERT_CONTENTS = `insert into risk.case_contents (flow_no, raw, content)
  select flow_no, decode(raw, 'base64'), content from ${CONTENTS}`;

const UPDATE_CONTENTS = `update risk.case_contents c set raw = decode(n.raw, 'base64'), content = n.content
  from ${CONTENTS} where c.flow_no = n.flow_no`;
