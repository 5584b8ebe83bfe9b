import { parseReason } from '@kyc-relay/access';
import { validateDto, type DtoClass } from '@kyc-relay/contracts';
import { badRequest, parseJsonBody } from '@kyc-relay/http';
import { isCustomerNo } from '../domain/customer-no';
import { ChangeStatusDto, type PageDto } from './operator.dto';

const DEFAULT_LIMIT = 50;

/** The number of a payee in a path. @throws ProblemException 400 */
export function readCustomerNo(text: string): string {
  if (!isCustomerNo(text)) throw badRequest([{ field: 'customerNo', message: 'must be 22 digits' }]);
  return text;
}

/** The checked parameters of a query; an empty one is an absent one. @throws ProblemException 400 with each wrong field */
export function readQuery<T extends object>(dto: DtoClass<T>, query: unknown): T {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== '');
  const checked = validateDto(dto, Object.fromEntries(given));
  if (!checked.ok) throw badRequest(checked.errors);
  return checked.value;
}

/** The checked body of a change of status. @throws ProblemException 400 with each wrong field */
export function readChangeOfStatus(body: Buffer): ChangeStatusDto {
  const json = parseJsonBody(body);
  if (!json) throw badRequest([{ field: 'body', message: 'must be JSON in UTF-8' }]);
  const checked = validateDto(ChangeStatusDto, json.value);
  if (!checked.ok) throw badRequest(checked.errors);
  const verdict = parseReason(checked.value.reason);
  if (!verdict.ok) throw badRequest([{ field: verdict.field, message: verdict.message }]);
  return { status: checked.value.status, reason: verdict.reason };
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
