import { badRequest, type ProblemException } from '@kyc-relay/http';
import type { PageDto } from './operators.dto';

const DEFAULT_LIMIT = 50;

/** How many items a page is to have. */
export function limitOf({ limit }: PageDto): number {
  return limit === undefined ? DEFAULT_LIMIT : Number(limit);
}

/** What a cursor says. @throws ProblemException 400 for one that is not of an earlier answer */
export function readCursor<T>({ cursor }: PageDto, read: (cursor: string) => T | undefined): T | undefined {
  if (cursor === undefined) return undefined;
  const place = read(cursor);
  if (place === undefined) throw wrongCursor();
  return place;
}

function wrongCursor(): ProblemException {
  return badRequest([{ field: 'cursor', message: 'must be the next_cursor of an earlier answer' }]);
}
