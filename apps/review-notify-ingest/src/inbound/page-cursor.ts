/** Ids and sequences are positive; 18 digits fit a Postgres bigint whatever they are. */
const PLACE = /^[1-9]\d{0,17}$/;

/** The opaque text that leads to the page after the row with this id or sequence. */
export function writeCursor(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/** Reads what {@link writeCursor} wrote; undefined for anything else. */
export function readCursor(cursor: string): string | undefined {
  const place = Buffer.from(cursor, 'base64url').toString('latin1');
  return PLACE.test(place) && writeCursor(place) === cursor ? place : undefined;
}
