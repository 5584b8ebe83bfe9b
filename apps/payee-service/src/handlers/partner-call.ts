import type { Parameters } from '../domain/parameters';

/** A request of a partner that has authenticated. */
export interface PartnerCall {
  readonly merchantNo: string;
  readonly storeNo: string;
  readonly parameters: Parameters;
  /** W3C trace context of the request, where there is one. */
  readonly traceparent?: string | undefined;
}
