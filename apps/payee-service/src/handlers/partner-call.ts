import type { Parameters } from '../domain/parameters';

/** A request of a partner that has authenticated. */
export interface PartnerCall {
  readonly merchantNo: string;
  readonly storeNo: string;
  readonly parameters: Parameters;
}
