import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { ACCOUNT_EVENTS, PHONE_CHANGED, TOPICS } from '@kyc-relay/contracts';
import type { Chunk, ChunkOutcome } from '@kyc-relay/messaging';
import { PhoneChangeHandler } from '../handlers/phone-change.handler';

/** The phone changes on the account topic; everything else there is kyc-status-publisher's. */
@Controller()
export class PhoneChangeConsumer {
  constructor(@Inject(PhoneChangeHandler) private readonly handler: PhoneChangeHandler) {}

  @EventPattern(TOPICS.accountEvents, undefined, {
    contract: ACCOUNT_EVENTS,
    owns: (type: string | undefined) => type === PHONE_CHANGED,
  })
  async onPhoneChanges(@Payload() chunk: Chunk): Promise<ChunkOutcome> {
    return await this.handler.handle(chunk);
  }
}
