import { parseReason } from '@kyc-relay/access';
import { validateDto, type DtoClass } from '@kyc-relay/contracts';
import { badRequest, parseJsonBody, type ProblemException } from '@kyc-relay/http';
import type { PageDto } from './operators.dto';

const DEFAULT_LIMIT = 50;

/** The checked parameters of a query. @throws ProblemException 400 with each wrong field */
export function readQuery<T extends object>(dto: DtoClass<T>, query: unknown): T {
  const checked = validateDto(dto, query);
  if (!checked.ok) throw badRequest(checked.errors);
  return checked.value;
}

/** The checked body of an operator's action. @throws ProblemException 400 with each wrong field */
export function readAction<T extends { reason: string }>(dto: DtoClass<T>, body: Buffer): T {
  const json = parseJsonBody(body);
  if (!json) throw badRequest([{ field: 'body', message: 'must be JSON in UTF-8' }]);
  const checked = validateDto(dto, json.value);
  if (!checked.ok) throw badRequest(checked.errors);
  const verdict = parseReason(checked.value.reason);
  if (!verdict.ok) throw badRequest([{ field: verdict.field, message: verdict.message }]);
  checked.value.reason = verdict.reason;
  return checked.value;
}

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
