import type { FieldError } from '@kyc-relay/contracts';
import type { PartnerRegistry } from './partner-registry.dto';

/** Every id that is used a second time, where a lookup would have to choose silently. */
export function findDuplicateIds(registry: PartnerRegistry): FieldError[] {
  const agents = registry.acquirers.flatMap(({ agents: own }, acquirer) =>
    own.map(({ firstLevelAgentNum }, agent) => ({
      field: `acquirers[${acquirer}].agents[${agent}].firstLevelAgentNum`,
      id: firstLevelAgentNum,
    })),
  );
  return [
    ...findRepeats(idsOf('businesses', registry.businesses, 'biz_id')),
    ...findRepeats(idsOf('merchants', registry.merchants, 'merchantNo')),
    ...findRepeats(idsOf('institutions', registry.institutions, 'institutionId')),
    ...findRepeats(idsOf('acquirers', registry.acquirers, 'name')),
    ...findRepeats(agents),
    ...findRepeats(idsOf('risk_clients', registry.risk_clients, 'accessid')),
    ...findRepeats(idsOf('api_tokens', registry.api_tokens, 'name')),
    ...findRepeats(idsOf('api_tokens', registry.api_tokens, 'sha256')),
  ];
}

interface PlacedId {
  field: string;
  id: string;
}

function idsOf<K extends string>(
  section: string,
  entries: readonly Readonly<Record<K, string>>[],
  key: K,
): PlacedId[] {
  return entries.map((entry, index) => ({ field: `${section}[${index}].${key}`, id: entry[key] }));
}

function findRepeats(ids: readonly PlacedId[]): FieldError[] {
  const seen = new Set<string>();
  return ids.flatMap(({ field, id }) => {
    if (seen.has(id)) return [{ field, message: 'is used by an earlier entry' }];
    seen.add(id);
    return [];
  });
}
