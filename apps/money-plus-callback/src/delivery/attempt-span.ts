import type { Span, Tracing } from '@kyc-relay/telemetry';
import type { ClaimedLane, HeadTask } from '../domain/claimed-lane';
import type { Verdict } from '../domain/judge-answer';

/**
 * Starts the client span of one attempt, under the change that it tells of. It holds ids and the outcome, never the body
 * or whom it is about.
 *
 * @returns undefined when nothing is recorded
 */
export function startAttemptSpan(tracing: Tracing, lane: ClaimedLane, head: HeadTask): Span | undefined {
  const span = tracing.start('CLIENT', 'callback', head.traceparent);
  span?.set({
    'http.request.method': 'POST',
    'relay.origin': lane.origin,
    'cloudevents.event_id': head.eventId,
    'relay.task_id': head.taskId,
    'relay.biz_id': lane.bizId,
    'relay.kind': head.kind,
    'relay.attempt': head.attempts.recorded + 1,
  });
  return span;
}

/** Ends the span of an attempt that was judged. */
export function endAttemptSpan(span: Span, { error, httpStatus, retcode }: Verdict): void {
  if (httpStatus !== null) span.set({ 'http.response.status_code': httpStatus });
  if (retcode !== null) span.set({ 'relay.retcode': retcode });
  span.set({ 'relay.outcome': error ?? 'OK' });
  span.end(error ?? undefined);
}
