import { validateDto, type DtoClass } from '@kyc-relay/contracts';
import { badRequest } from './problem.exception';

/** The checked parameters of a query. @throws ProblemException 400 with each wrong field */
export function readQuery<T extends object>(dto: DtoClass<T>, query: unknown): T {
  const checked = validateDto(dto, query);
  if (!checked.ok) throw badRequest(checked.errors);
  return checked.value;
}

/** The parameters that are not empty, for contracts in which an empty one is as good as absent. */
export function withoutEmpty(query: unknown): object {
  return Object.fromEntries(Object.entries(query ?? {}).filter(([, value]) => value !== ''));
}
