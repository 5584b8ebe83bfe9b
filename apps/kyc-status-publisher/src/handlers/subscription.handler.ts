import { Inject, Injectable } from '@nestjs/common';
import type { Business } from '@kyc-relay/config';
import type { FieldError, SubscriptionAction, SubscriptionEvent } from '@kyc-relay/contracts';
import { sha256Hex } from '@kyc-relay/crypto';
import {
  decideSubscription,
  findRequest,
  rememberRequest,
  subscriptionAnswer,
  UserChanges,
  UserRepository,
} from '@kyc-relay/kyc';
import { Outbox } from '@kyc-relay/outbox';
import { Database, type OpenTx } from '@kyc-relay/persistence';

/** What a business asks for. */
export interface SubscriptionCommand {
  action: SubscriptionAction;
  shopee_uid: string;
  events?: SubscriptionEvent[];
}

/** The request that it came in. */
export interface SubscriptionRequest {
  webhookId: string | undefined;
  /** The bytes as they came. */
  body: Buffer;
  /** W3C trace context, where there is one. */
  traceparent: string | undefined;
}

/** The answer's data, or the field that is wrong. */
export type SubscriptionResult = { ok: true; answer: object } | { ok: false; error: FieldError };

/** Changes a subscription in one transaction on the user's record; a repeated request gets its first answer again. */
@Injectable()
export class SubscriptionHandler {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(UserRepository) private readonly users: UserRepository,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  async handle(
    business: Business,
    command: SubscriptionCommand,
    request: SubscriptionRequest,
  ): Promise<SubscriptionResult> {
    const bodySha256 = sha256Hex(request.body);
    // The second round is for a copy of the request that another replica committed meanwhile.
    for (;;) {
      const result = await this.database.transaction(
        async (tx) => await this.decide(tx, business, command, { ...request, bodySha256 }),
      );
      if (result) return result;
    }
  }

  private async decide(
    tx: OpenTx,
    business: Business,
    command: SubscriptionCommand,
    { webhookId, bodySha256, traceparent }: SubscriptionRequest & { bodySha256: string },
  ): Promise<SubscriptionResult | undefined> {
    const bizId = business.biz_id;
    const uid = command.shopee_uid;
    const changes = await UserChanges.open(tx, this.users, [uid]);
    const before = webhookId === undefined ? undefined : await findRequest(tx, bizId, webhookId);
    if (before)
      return before.bodySha256 === bodySha256
        ? { ok: true, answer: before.answer }
        : { ok: false, error: { field: 'webhook-id', message: 'was used with another body' } };
    const decision = decideSubscription(
      changes.record(uid),
      { action: command.action, bizId, events: command.events, requestId: webhookId },
      { now: new Date() },
    );
    const answer = subscriptionAnswer(
      decision.kind === 'APPLIED' ? decision.record : changes.record(uid),
      { bizId, requiredLevel: business.required_level },
      command.action,
    );
    if (webhookId !== undefined) {
      const isFirst = await rememberRequest(tx, { bizId, webhookId, bodySha256, answer });
      if (!isFirst) return undefined;
    }
    // A request that changes nothing leaves no trace: only changes are history.
    if (decision.kind === 'APPLIED') {
      changes.take(uid, decision, traceparent);
      changes.save(this.outbox);
    }
    return { ok: true, answer };
  }
}
