import { validateDto, type DtoClass } from '@kyc-relay/contracts';
import { badRequest, parseJsonBody } from '@kyc-relay/http';
import { parseReason } from './reason';

/**
 * The checked body of an operator's action, with the reason as the audit is to have it.
 *
 * @throws ProblemException 400 with each wrong field
 */
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
