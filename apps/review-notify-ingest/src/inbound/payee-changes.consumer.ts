import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { PAYEE_CHANGED_EVENTS, TOPICS } from '@kyc-relay/contracts';
import type { Chunk, ChunkOutcome } from '@kyc-relay/messaging';
import { ErasureHandler } from '../handlers/erasure.handler';

/** What payee-service says of payees: of interest here is only that one was deleted. */
@Controller()
export class PayeeChangesConsumer {
  constructor(@Inject(ErasureHandler) private readonly erasure: ErasureHandler) {}

  @EventPattern(TOPICS.payeeChanged, undefined, { contract: PAYEE_CHANGED_EVENTS })
  async onPayeeChanges(@Payload() chunk: Chunk): Promise<ChunkOutcome> {
    return await this.erasure.handle(chunk);
  }
}
