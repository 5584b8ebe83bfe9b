import { Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { RequireRole } from '@kyc-relay/access';
import { badRequest, parseJsonBody, ProblemException, RawBody, Traceparent } from '@kyc-relay/http';
import { EventIntake } from '../handlers/event-intake';
import { MAX_EVENTS, readEventBatch } from '../domain/event-batch';

const ONE = /^application\/cloudevents\+json\s*(;|$)/i;
const BATCH = /^application\/cloudevents-batch\+json\s*(;|$)/i;

/** `POST /v1/events`: the HTTP way onto the input topics. */
@Controller('v1/events')
export class EventsController {
  constructor(@Inject(EventIntake) private readonly intake: EventIntake) {}

  /**
   * Takes one event or a batch; all or none of a malformed request.
   * 202 with the count once all in-sync replicas have them; 400 with each wrong field, 413, 415; 503 while the broker is
   * away, and then some may have been taken: repeat with the same ids.
   */
  @Post()
  @HttpCode(202)
  @RequireRole('publisher')
  async publish(
    @Headers('content-type') contentType: string | undefined,
    @RawBody() body: Buffer,
    @Traceparent() traceparent: string | undefined,
  ): Promise<{ accepted: number }> {
    const isBatch = BATCH.test(contentType ?? '');
    if (!isBatch && !ONE.test(contentType ?? ''))
      throw new ProblemException(415, 'unsupported-media-type', 'Unsupported Media Type', {
        detail: 'send application/cloudevents+json or application/cloudevents-batch+json',
      });
    const items = readItems(body, isBatch);
    if (items.length > MAX_EVENTS)
      throw new ProblemException(413, 'too-many-events', 'Content Too Large', {
        detail: `at most ${MAX_EVENTS} events a request`,
      });
    const { events, errors } = readEventBatch(items);
    if (errors.length > 0) throw badRequest(errors);
    await this.intake.publish(events, traceparent);
    return { accepted: events.length };
  }
}

function readItems(body: Buffer, isBatch: boolean): unknown[] {
  const json = parseJsonBody(body);
  if (!json) throw badRequest([{ index: 0, field: 'body', message: 'must be JSON in UTF-8' }]);
  if (!isBatch) return [json.value];
  if (!Array.isArray(json.value))
    throw badRequest([{ index: 0, field: 'body', message: 'must be an array of events' }]);
  return json.value;
}
