import { INFO_FIELDS, type InfoField } from '@kyc-relay/contracts';
import type { KycInfo } from './kyc-record';

/**
 * Takes the known fields that are there.
 *
 * @param source data of an event
 */
export function pickInfo(
  source: Readonly<Partial<Record<InfoField, string | undefined>>> | undefined,
): KycInfo {
  const info: Partial<Record<InfoField, string>> = {};
  if (source === undefined) return info;
  for (const field of INFO_FIELDS) {
    const value = source[field];
    if (value !== undefined) info[field] = value;
  }
  return info;
}

/**
 * Takes the fields whose values differ.
 *
 * @param current the data until now
 * @param proposed new values
 * @returns the new values that differ; empty when none does
 */
export function differingInfo(current: KycInfo, proposed: KycInfo): KycInfo {
  const differing: Partial<Record<InfoField, string>> = {};
  for (const field of INFO_FIELDS) {
    const value = proposed[field];
    if (value !== undefined && value !== current[field]) differing[field] = value;
  }
  return differing;
}

/**
 * Says whether there is no data at all.
 *
 * @param info data
 */
export function isEmptyInfo(info: KycInfo): boolean {
  return Object.keys(info).length === 0;
}
