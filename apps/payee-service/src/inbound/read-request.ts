import { badRequest } from '@kyc-relay/http';
import { isCustomerNo } from '../domain/customer-no';
import type { PageDto } from './operator.dto';

const DEFAULT_LIMIT = 50;

/** The number of a payee in a path. @throws ProblemException 400 */
export function readCustomerNo(text: string): string {
  if (!isCustomerNo(text)) throw badRequest([{ field: 'customerNo', message: 'must be 22 digits' }]);
  return text;
}

/**
 * Where a page begins and how long it is.
 *
 * @param form what a cursor holds
 * @param first what stands before the first page
 * @throws ProblemException 400 for a cursor that is not one of ours
 */
export function readPage(
  { limit, cursor }: PageDto,
  form: RegExp,
  first: string,
): { after: string; limit: number } {
  const after = cursor === undefined ? first : Buffer.from(cursor, 'base64url').toString('latin1');
  if (cursor !== undefined && (!form.test(after) || writeCursor(after) !== cursor))
    throw badRequest([{ field: 'cursor', message: 'must be the next_cursor of an earlier answer' }]);
  return { after, limit: limit === undefined ? DEFAULT_LIMIT : Number(limit) };
}

/** The opaque text that leads to the page after this place. */
export function writeCursor(last: string): string {
  return Buffer.from(last).toString('base64url');
}
