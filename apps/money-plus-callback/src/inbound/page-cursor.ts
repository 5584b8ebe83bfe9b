import type { PageEnd } from '../domain/task-filter';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Microseconds up to the year 9999, which is as far as an instant of ours can be; a version is never that large. */
const NUMBER = /^\d{1,18}$/;

/** The opaque text that leads to the page after this end. */
export function writeCursor(end: PageEnd): string {
  return Buffer.from(`${end.createdUs} ${end.version} ${end.taskId}`).toString('base64url');
}

/** Reads what {@link writeCursor} wrote; null for anything else. */
export function readCursor(cursor: string): PageEnd | null {
  const [createdUs = '', version = '', taskId = '', ...rest] = Buffer.from(cursor, 'base64url')
    .toString('latin1')
    .split(' ');
  const isOurs = rest.length === 0 && NUMBER.test(createdUs) && NUMBER.test(version) && UUID.test(taskId);
  return isOurs && writeCursor({ createdUs, version, taskId }) === cursor
    ? { createdUs, version, taskId }
    : null;
}
