import type { Span, Tracing } from '@kyc-relay/telemetry';
import type { Judged } from './judged';
import { traceparentOf } from './message';

/** What became of a message: taken (whatever was decided), a copy, parked, or refused with a code. */
type Outcome = 'TAKEN' | 'COPY' | 'PARKED' | 'REFUSED';

/**
 * The consumer spans of one try at a run of messages: one each, under what its `traceparent` names, from the decoding to
 * the end of the transaction. Messages share the transaction, so their spans are as long as each other.
 */
export class MessageSpans {
  private readonly spans = new Map<Judged, { span: Span; outcome: Outcome; code?: string }>();

  /**
   * Starts the spans; a fact then carries its own span's trace context, for what follows from it.
   * @returns undefined when tracing is off
   */
  static start(
    tracing: Tracing,
    consumer: string,
    topic: string,
    judged: readonly Judged[],
  ): MessageSpans | undefined {
    return tracing.isOn ? new MessageSpans(tracing, consumer, topic, judged) : undefined;
  }

  private constructor(tracing: Tracing, consumer: string, topic: string, judged: readonly Judged[]) {
    for (const one of judged) {
      const span = tracing.start('CONSUMER', `process ${topic}`, traceparentOf(one.message));
      if (!span) continue;
      this.spans.set(one, { span, outcome: 'TAKEN' });
      const { message } = one;
      span.set({
        'messaging.system': 'kafka',
        'messaging.operation.type': 'process',
        'messaging.destination.name': topic,
        'messaging.destination.partition.id': String(message.partition),
        'messaging.kafka.offset': message.offset,
        'messaging.consumer.group.name': consumer,
      });
      if (one.kind === 'FACT') {
        const { fact } = one;
        span.set({ 'cloudevents.event_id': fact.id, 'cloudevents.event_type': fact.type });
        fact.traceparent = span.traceparent;
      }
    }
  }

  /** Notes what becomes of a message if the transaction commits. @param code why it is refused */
  note(one: Judged, outcome: Outcome, code?: string): void {
    const open = this.spans.get(one);
    if (open) this.spans.set(one, { ...open, outcome, ...(code === undefined ? {} : { code }) });
  }

  /** Notes that of these messages those that are not fresh are copies. */
  noteCopies(judged: readonly Judged[], fresh: readonly Judged[]): void {
    const isFresh = new Set(fresh);
    for (const one of judged) if (!isFresh.has(one)) this.note(one, 'COPY');
  }

  /** Ends all after the commit. */
  commit(): void {
    for (const { span, outcome, code } of this.spans.values()) {
      span.set({ 'relay.outcome': outcome });
      span.end(code);
    }
  }

  /** Ends all after a rollback. @param error a code of the failure */
  rollBack(error: string): void {
    for (const { span } of this.spans.values()) span.end(error);
  }
}
