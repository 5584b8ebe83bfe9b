import type { ReceivedRequest } from './received-request';

/** How many requests were received. */
export interface RequestCounts {
  received: number;
  /** Not ended yet. */
  open: number;
  /** Answered wholly with success. */
  successes: number;
  /** Requests at the redirect target: more than none means that a redirect was followed. */
  redirect_hits: number;
  by_kind: Record<string, number>;
  by_behaviour: Record<string, number>;
  by_signature: Record<string, number>;
}

/** Counts requests by what they were and what was done with them. */
export function countRequests(requests: Iterable<ReceivedRequest>): RequestCounts {
  const counts: RequestCounts = {
    received: 0,
    open: 0,
    successes: 0,
    redirect_hits: 0,
    by_kind: {},
    by_behaviour: {},
    by_signature: {},
  };
  for (const request of requests) {
    counts.received += 1;
    if (request.ended_at === null) counts.open += 1;
    if (request.success === true && request.answered_wholly === true) counts.successes += 1;
    if (request.kind === 'redirect-target') counts.redirect_hits += 1;
    addOne(counts.by_kind, request.kind);
    addOne(counts.by_behaviour, request.behaviour);
    addOne(counts.by_signature, request.signature);
  }
  return counts;
}

function addOne(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
