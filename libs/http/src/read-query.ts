import { validateDto, type DtoClass } from '@kyc-relay/contracts';
import { badRequest } from './problem.exception';

/**
 * The checked parameters of a query. An empty one is an absent one: the contracts write lists as `?status=&limit=&cursor=`.
 *
 * @throws ProblemException 400 with each wrong field
 */
export function readQuery<T extends object>(dto: DtoClass<T>, query: unknown): T {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== '');
  const checked = validateDto(dto, Object.fromEntries(given));
  if (!checked.ok) throw badRequest(checked.errors);
  return checked.value;
}
