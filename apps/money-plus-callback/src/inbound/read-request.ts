import { parseTimestamp } from '@kyc-relay/contracts';
import { badRequest } from '@kyc-relay/http';
import type { TaskFilter } from '../domain/task-filter';
import type { TaskFilterDto } from './callback-tasks.dto';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a task in a path. @throws ProblemException 400 */
export function readTaskId(text: string): string {
  if (!UUID.test(text)) throw badRequest([{ field: 'task_id', message: 'must be a UUID' }]);
  return text.toLowerCase();
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
