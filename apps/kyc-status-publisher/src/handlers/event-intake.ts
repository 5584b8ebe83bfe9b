import { Inject, Injectable } from '@nestjs/common';
import { binaryHeaders } from '@kyc-relay/contracts';
import { ProblemException } from '@kyc-relay/http';
import { SerialProducer, wireSizeOf } from '@kyc-relay/messaging';
import { PublishRefused, type WireMessage } from '@kyc-relay/outbox';
import type { IntakeEvent } from '../domain/event-batch';

/** Kafka gets one record batch per partition and send; a request for one user is one partition. */
const SEND_BYTES = 512_000;
/** Beyond this many waiting messages a request is refused at once instead of queueing in memory. */
const MAX_QUEUED = 20_000;
/** A caller that waits longer is better off repeating; the ids make that safe. */
const ANSWER_WITHIN_MS = 8_000;

/** Appends events to the input topics, so that HTTP and Kafka share one way in and one order per user. */
@Injectable()
export class EventIntake {
  constructor(@Inject(SerialProducer) private readonly producer: SerialProducer) {}

  /**
   * @param traceparent W3C trace context of the request, which the messages carry on
   * @throws ProblemException 503 when Kafka is away (some may have been taken), 413 when it refuses the size
   */
  async publish(events: readonly IntakeEvent[], traceparent: string | undefined): Promise<void> {
    if (this.producer.queued > MAX_QUEUED) throw unavailable();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(unavailable());
      }, ANSWER_WITHIN_MS);
    });
    try {
      await Promise.race([this.send(events, traceparent), late]);
    } catch (error) {
      if (error instanceof PublishRefused)
        throw new ProblemException(413, 'event-too-large', 'Content Too Large', {
          detail: 'an event is too large',
        });
      throw error instanceof ProblemException ? error : unavailable();
    } finally {
      clearTimeout(timer);
    }
  }

  private async send(events: readonly IntakeEvent[], traceparent: string | undefined): Promise<void> {
    let batch: WireMessage[] = [];
    let bytes = 0;
    for (const { topic, key, event } of events) {
      const value = Buffer.from(JSON.stringify(event.data));
      const headers = binaryHeaders(event);
      if (traceparent !== undefined) headers['traceparent'] = traceparent;
      const message: WireMessage = { topic, key, value, headers };
      const size = wireSizeOf(message);
      if (batch.length > 0 && bytes + size > SEND_BYTES) {
        await this.producer.publish(batch);
        batch = [];
        bytes = 0;
      }
      batch.push(message);
      bytes += size;
    }
    await this.producer.publish(batch);
  }
}

function unavailable(): ProblemException {
  return new ProblemException(503, 'broker-away', 'Service Unavailable', {
    detail: 'nothing, part or all of it may have been taken; repeat with the same ids',
  });
}
