import { parseReason } from '@kyc-relay/access';
import { parseTimestamp, validateDto, type DtoClass } from '@kyc-relay/contracts';
import { badRequest, parseJsonBody } from '@kyc-relay/http';
import type { TaskFilter } from '../domain/task-filter';
import type { TaskFilterDto } from './callback-tasks.dto';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a task in a path. @throws ProblemException 400 */
export function readTaskId(text: string): string {
  if (!UUID.test(text)) throw badRequest([{ field: 'task_id', message: 'must be a UUID' }]);
  return text.toLowerCase();
}

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

/** The filter as the handlers know it. */
export function toFilter(dto: TaskFilterDto): TaskFilter {
  const from = dto.from === undefined ? null : parseTimestamp(dto.from);
  const to = dto.to === undefined ? null : parseTimestamp(dto.to);
  return {
    ...(dto.state === undefined ? {} : { state: dto.state }),
    ...(dto.biz_id === undefined ? {} : { bizId: dto.biz_id }),
    ...(dto.shopee_uid === undefined ? {} : { shopeeUid: dto.shopee_uid }),
    ...(dto.kind === undefined ? {} : { kind: dto.kind }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  };
}

/** The filter of an action, which must say something. @throws ProblemException 400 */
export function toActionFilter(dto: TaskFilterDto): TaskFilter {
  const filter = toFilter(dto);
  if (Object.keys(filter).length > 0) return filter;
  throw badRequest([{ field: 'filter', message: 'must not be empty' }]);
}
