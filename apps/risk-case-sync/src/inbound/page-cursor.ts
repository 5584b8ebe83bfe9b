import type { RunPageEnd } from '../handlers/view-sync';

const RUN_END = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const VERSION = /^[1-9]\d{0,8}$/;

/** The opaque text that leads to the page behind this run. */
export function writeRunCursor({ startedAt, runId }: RunPageEnd): string {
  return Buffer.from(`${startedAt} ${runId}`).toString('base64url');
}

/** Reads what {@link writeRunCursor} wrote; undefined for anything else. */
export function readRunCursor(cursor: string): RunPageEnd | undefined {
  const match = RUN_END.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  const [, startedAt, runId] = match ?? [];
  if (startedAt === undefined || runId === undefined || Number.isNaN(Date.parse(startedAt))) return undefined;
  return { startedAt, runId };
}

/** The opaque text that leads to the page behind this version of a case. */
export function writeVersionCursor(version: number): string {
  return Buffer.from(String(version)).toString('base64url');
}

/** Reads what {@link writeVersionCursor} wrote; undefined for anything else. */
export function readVersionCursor(cursor: string): number | undefined {
  const version = Buffer.from(cursor, 'base64url').toString('latin1');
  return VERSION.test(version) ? Number(version) : undefined;
}
