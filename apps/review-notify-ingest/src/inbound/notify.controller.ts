import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { sha256Hex } from '@kyc-relay/crypto';
import {
  AddressRanges,
  badRequest,
  parseJsonBody,
  ProblemException,
  RateLimits,
  RawBody,
  sourceAddressOf,
  traceparentOf,
} from '@kyc-relay/http';
import { canonicalContent } from '../domain/canonical-content';
import type { StepDecision } from '../domain/decide-step';
import { IntakeHandler } from '../handlers/intake.handler';
import { NOTIFY_PATH, SUCCESS } from './answers';
import { AuthenticSenders } from './authentic-senders';
import { readNotification, type Message } from './read-notification';
import { WebhookReport, type WebhookNotice } from './webhook-report';

/** What is read of a request beside its body. */
interface NotifyRequest {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  socket: { remoteAddress?: string | undefined };
}

/** The partner's notifications (review-notify.md). The signature is the authentication. */
@Controller(NOTIFY_PATH)
export class NotifyController {
  private readonly rates = new RateLimits();

  constructor(
    @Inject(IntakeHandler) private readonly intake: IntakeHandler,
    @Inject(AuthenticSenders) private readonly senders: AuthenticSenders,
    @Inject(AddressRanges) private readonly trustedProxies: AddressRanges,
    @Inject(WebhookReport) private readonly report: WebhookReport,
  ) {}

  /**
   * Answers `SUCCESS` once message and event are committed, and for what was taken before. Otherwise `FAIL`: 400 malformed,
   * 401 not authentic, 413 over 64 KiB, 429 over the institution's rate, 503 while the store is away.
   */
  @Post()
  @HttpCode(200)
  async take(@RawBody() body: Buffer, @Req() request: NotifyRequest): Promise<string> {
    const notice = this.report.open(request, body);
    const decision = await this.judge(body, request, notice).catch((error: unknown) => {
      notice.refused(error);
      throw error;
    });
    notice.decided(decision);
    if (decision.kind === 'CONFLICT') throw conflict(decision.field);
    return SUCCESS;
  }

  private async judge(body: Buffer, request: NotifyRequest, notice: WebhookNotice): Promise<StepDecision> {
    const receivedAt = new Date();
    const message = readMessage(body);
    notice.institutionId = this.senders.claimed(message)?.institutionId;
    this.admit(message, request, receivedAt);
    const read = readNotification(message);
    if (!read.ok) throw badRequest(read.errors);
    notice.review = read.notification;
    return await this.intake.take({
      notification: read.notification,
      body,
      contentHash: sha256Hex(canonicalContent(message)),
      receivedAt,
      traceparent: traceparentOf(request),
    });
  }

  /** @throws ProblemException 401, the same one whatever is not authentic; 429 */
  private admit(message: Message, { headers, socket }: NotifyRequest, now: Date): void {
    const source = sourceAddressOf(socket.remoteAddress, headers['x-forwarded-for'], this.trustedProxies);
    const institution = this.senders.recognise(message, source);
    if (!institution) throw new ProblemException(401, 'signature', 'Unauthorized');
    this.rates.pass(institution.institutionId, institution.requests_per_second, now.getTime());
  }
}

function readMessage(body: Buffer): Message {
  const json = parseJsonBody(body);
  if (!json) throw badRequest([{ field: 'body', message: 'must be JSON in UTF-8' }]);
  const { value } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badRequest([{ field: 'body', message: 'must be a JSON object' }]);
  return value as Message;
}

/** The first step fixed the field; the signature does not cover it, so this may be no mistake. */
function conflict(field: string): ProblemException {
  return new ProblemException(400, 'review.conflict', 'The review is about another client', {
    errors: [{ field, message: 'must be what it was in the first notification of this review' }],
  });
}
