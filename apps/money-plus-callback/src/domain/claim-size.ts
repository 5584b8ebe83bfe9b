/** What a replica has in hand of one endpoint. */
export interface InHand {
  /** Calls under way. */
  calling: number;
  /** Claimed lanes that wait for a connection. */
  waiting: number;
  /** For how long the first of them has waited, in milliseconds; 0 when none waits. */
  waitedMs: number;
}

/** Lanes in hand ahead are work for this long: enough for the next claim of a busy store, and for a chunk of the intake. */
const AHEAD_MS = 200;
/** Claimed ahead at most this many times the connections, so that what a replica holds is bounded. */
const MOST_AHEAD = 10;
/** When the first in line waits longer, the endpoint has become slow and nothing more is claimed ahead. */
const STALLED_MS = 400;

/**
 * How many more lanes to claim for an endpoint. Claiming ahead keeps connections busy during the next claim; doing so for
 * a slow endpoint would only hold lanes that another replica could serve.
 *
 * @param connections the endpoint's connection cap
 * @param latencyMs recent duration of its calls
 */
export function claimSize(hand: InHand, connections: number, latencyMs: number): number {
  const free = freeSize(hand, connections, latencyMs);
  // Many small claims cost more than one that is half as large as may be held.
  return free * 2 >= mostInHand(connections, latencyMs) || hand.waiting === 0 ? free : 0;
}

/** How many more lanes an endpoint could take in hand, whatever it costs to get them; see {@link claimSize}. */
export function freeSize(hand: InHand, connections: number, latencyMs: number): number {
  if (hand.waitedMs > STALLED_MS) return 0;
  return Math.max(0, mostInHand(connections, latencyMs) - hand.calling - hand.waiting);
}

function mostInHand(connections: number, latencyMs: number): number {
  const ahead = Math.floor((connections * AHEAD_MS) / Math.max(latencyMs, 0.1));
  return connections + Math.min(MOST_AHEAD * connections, ahead);
}
