import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ACCOUNT_EVENTS, KYC_CASE_EVENTS, PHONE_CHANGED, TOPICS } from '@kyc-relay/contracts';
import type { Chunk, ChunkOutcome } from '@kyc-relay/messaging';
import { AccountEventsHandler } from '../handlers/account-events.handler';
import { CaseEventsHandler } from '../handlers/case-events.handler';

/** The input topics. A phone change is ekyc-phone-change-consumer's; whatever else is on its topic is ours. */
@Controller()
export class KycEventsConsumer {
  constructor(
    @Inject(CaseEventsHandler) private readonly cases: CaseEventsHandler,
    @Inject(AccountEventsHandler) private readonly accounts: AccountEventsHandler,
  ) {}

  @EventPattern(TOPICS.kycCaseEvents, undefined, { contract: KYC_CASE_EVENTS })
  async onCaseEvents(@Payload() chunk: Chunk): Promise<ChunkOutcome> {
    return await this.cases.handle(chunk);
  }

  @EventPattern(TOPICS.accountEvents, undefined, {
    contract: ACCOUNT_EVENTS,
    owns: (type: string | undefined) => type !== PHONE_CHANGED,
  })
  async onAccountEvents(@Payload() chunk: Chunk): Promise<ChunkOutcome> {
    return await this.accounts.handle(chunk);
  }
}
