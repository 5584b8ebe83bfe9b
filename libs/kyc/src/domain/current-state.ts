import type { ClientStatus, InfoField, Level } from '@kyc-relay/contracts';
import { meetsBusiness, type BusinessRule, type KycRecord } from './kyc-record';

/** What a business may know of a user at any time. */
export interface CurrentState {
  /** Number of the last change; later ones are called back. */
  version: number;
  /** The last one told, or null. */
  spay_kyc_client_status: ClientStatus | null;
  /** The last one told, or null. */
  spay_kyc_level: Level | null;
  is_meet_business: boolean;
  has_pending_case: boolean;
}

/** A business with the info fields that it may query. */
export interface QueryingBusiness extends BusinessRule {
  readonly queryFields: readonly InfoField[];
}

/** The `data` of the answer to `query-field-result`: a value by field, null where nothing is known. */
export type QueryAnswer = Omit<CurrentState, 'version'> & { ic_type: string | null } & Partial<
    Record<InfoField, string | null>
  >;

/**
 * The state of a user as a business sees it.
 *
 * @param record the user
 * @param business who asks
 */
export function currentState(record: KycRecord, business: BusinessRule): CurrentState {
  return {
    version: record.version,
    spay_kyc_client_status: record.told?.status ?? null,
    spay_kyc_level: record.told?.level ?? null,
    is_meet_business: meetsBusiness(record, business.requiredLevel),
    has_pending_case: record.pending !== null,
  };
}

/**
 * Answers `query-field-result`: the fields configured for the business from the approved info, in clear, and always
 * `ic_type` and the state. A user of whom nothing is known has nulls and false.
 *
 * @param record the user
 * @param business who asks
 */
export function queryFields(record: KycRecord, business: QueryingBusiness): QueryAnswer {
  const values: Partial<Record<InfoField, string | null>> = {};
  for (const field of business.queryFields) values[field] = record.approved?.info[field] ?? null;
  const state = currentState(record, business);
  return {
    ...values,
    ic_type: record.approved?.info.ic_type ?? null,
    has_pending_case: state.has_pending_case,
    spay_kyc_level: state.spay_kyc_level,
    spay_kyc_client_status: state.spay_kyc_client_status,
    is_meet_business: state.is_meet_business,
  };
}
