import type { ReceivedRequest } from './money-plus/received-request';

/** What is known of a run that excuses what would otherwise break a promise. */
export interface CheckOptions {
  /** Events that an operator redrove: they come after later ones on purpose. */
  redriven?: Iterable<string>;
  /**
   * Times (ms since the epoch) in which a sender was killed: a success answered then may never have been noted by the
   * sender, so its repeat is excused.
   */
  crash_windows?: readonly { from: number; to: number }[];
}

/** A callback whose signatures did not verify. */
export interface InvalidSignature {
  index: number;
  event_id: string | null;
  signature: string;
}

/** A success for a lower version of a user after a success for a higher one. */
export interface OrderViolation {
  biz_id: string | null;
  shopee_uid: string;
  index: number;
  event_id: string | null;
  version: number;
  after_index: number;
  after_event_id: string | null;
  after_version: number;
}

/** A second success of one event, both answered wholly. */
export interface RepeatedSuccess {
  event_id: string;
  first_index: number;
  index: number;
}

/** An attempt that is not the same as the event's first one. */
export interface ChangedRepeat {
  event_id: string;
  first_index: number;
  index: number;
  differs: 'body' | 'webhook-id' | 'version';
}

/** What the receiver's log says about a delivery. */
export interface DeliveryReport {
  /** Callbacks looked at: those to the status and info paths whose body was read wholly. */
  requests: number;
  events: number;
  users: number;
  /** Events with at least one success that was answered wholly. */
  delivered: number;
  invalid_signatures: InvalidSignature[];
  /** Indexes of callbacks without a readable X-Relay-Version: their order cannot be told. */
  unversioned: number[];
  order_violations: OrderViolation[];
  repeated_successes: RepeatedSuccess[];
  /** Second successes that a crash window excuses. */
  excused_repeats: number;
  changed_repeats: ChangedRepeat[];
  /** Nothing above is broken. */
  holds: boolean;
}

interface EventRecord {
  first: ReceivedRequest;
  /** First success, answered wholly. */
  success?: ReceivedRequest;
}

/**
 * Judges a receiver's log, in order of arrival, by what kyc-to-money-plus.md promises about order and repeats.
 * Pure; an answer that was lost counts as a success for the order (the receiver did process it), but not as one that
 * forbids a repeat.
 */
export function checkDelivery(log: Iterable<ReceivedRequest>, options: CheckOptions = {}): DeliveryReport {
  const redriven = new Set(options.redriven ?? []);
  const windows = options.crash_windows ?? [];
  const events = new Map<string, EventRecord>();
  const highest = new Map<string, ReceivedRequest>();
  const users = new Set<string>();
  const report = emptyReport();

  for (const request of log) {
    if (!isCallback(request)) continue;
    report.requests += 1;
    if (request.signature !== 'valid') {
      const { index, event_id, signature } = request;
      report.invalid_signatures.push({ index, event_id, signature });
    }
    if (request.relay_version === null) report.unversioned.push(request.index);
    if (request.shopee_uid !== null) users.add(request.shopee_uid);
    if (request.event_id !== null) noteEvent(report, events, request.event_id, request, windows);
    if (request.success === true && !redriven.has(request.event_id ?? ''))
      noteOrder(report, highest, request);
  }

  report.events = events.size;
  report.users = users.size;
  for (const { success } of events.values()) if (success !== undefined) report.delivered += 1;
  report.holds =
    report.invalid_signatures.length +
      report.unversioned.length +
      report.order_violations.length +
      report.repeated_successes.length +
      report.changed_repeats.length ===
    0;
  return report;
}

function isCallback(request: ReceivedRequest): boolean {
  return (request.kind === 'status' || request.kind === 'info') && request.body_complete;
}

function noteEvent(
  report: DeliveryReport,
  events: Map<string, EventRecord>,
  eventId: string,
  request: ReceivedRequest,
  windows: readonly { from: number; to: number }[],
): void {
  let record = events.get(eventId);
  if (record === undefined) {
    record = { first: request };
    events.set(eventId, record);
  } else {
    const first = record.first;
    const repeat = { event_id: eventId, first_index: first.index, index: request.index };
    if (first.body_sha256 !== request.body_sha256)
      report.changed_repeats.push({ ...repeat, differs: 'body' });
    if (first.webhook_id !== request.webhook_id)
      report.changed_repeats.push({ ...repeat, differs: 'webhook-id' });
    if (first.relay_version !== request.relay_version)
      report.changed_repeats.push({ ...repeat, differs: 'version' });
  }
  if (request.success !== true || request.answered_wholly !== true) return;
  const earlier = record.success;
  // The latest success is the one that a further repeat is measured by.
  record.success = request;
  if (earlier === undefined) return;
  const answeredAt = earlier.ended_at ?? earlier.arrived_at;
  if (windows.some(({ from, to }) => answeredAt >= from && answeredAt <= to)) report.excused_repeats += 1;
  else
    report.repeated_successes.push({ event_id: eventId, first_index: earlier.index, index: request.index });
}

function noteOrder(
  report: DeliveryReport,
  highest: Map<string, ReceivedRequest>,
  request: ReceivedRequest,
): void {
  const { shopee_uid: user, relay_version: version } = request;
  if (user === null || version === null) return;
  const lane = JSON.stringify([request.biz_id, user]);
  const top = highest.get(lane);
  const topVersion = top?.relay_version ?? -1;
  if (top === undefined || version >= topVersion) {
    highest.set(lane, request);
    return;
  }
  report.order_violations.push({
    biz_id: request.biz_id,
    shopee_uid: user,
    index: request.index,
    event_id: request.event_id,
    version,
    after_index: top.index,
    after_event_id: top.event_id,
    after_version: topVersion,
  });
}

function emptyReport(): DeliveryReport {
  return {
    requests: 0,
    events: 0,
    users: 0,
    delivered: 0,
    invalid_signatures: [],
    unversioned: [],
    order_violations: [],
    repeated_successes: [],
    excused_repeats: 0,
    changed_repeats: [],
    holds: true,
  };
}
