/** Version, trace id, parent id and flags; ids of zeros only, and version ff, are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const SAMPLED = 1;

/**
 * The W3C `traceparent` of a request or message, if it is one. Whatever else a sender puts there is dropped: it would
 * stand in our logs and in the headers of what we publish.
 */
export function readTraceparent(header: unknown): string | undefined {
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : undefined;
}

/** What a `traceparent` says. */
export interface TraceContext {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits: the span that called. */
  spanId: string;
  /** Whether the caller records its trace. */
  isSampled: boolean;
}

/** Takes a `traceparent` apart; undefined for what is none. */
export function parseTraceparent(header: string): TraceContext | undefined {
  if (!TRACEPARENT.test(header)) return undefined;
  const [, traceId = '', spanId = '', flags = ''] = header.split('-');
  return { traceId, spanId, isSampled: (parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** Writes a `traceparent` of version 00. */
export function formatTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
