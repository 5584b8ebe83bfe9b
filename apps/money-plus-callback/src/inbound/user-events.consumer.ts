import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { KYC_USER_EVENTS, TOPICS } from '@kyc-relay/contracts';
import type { Chunk, ChunkOutcome } from '@kyc-relay/messaging';
import { CreateTasks } from '../handlers/create-tasks';

/** `kyc.user-events.v1`: what changed about users, and which businesses that concerns. */
@Controller()
export class UserEventsConsumer {
  constructor(@Inject(CreateTasks) private readonly createTasks: CreateTasks) {}

  @EventPattern(TOPICS.kycUserEvents, undefined, { contract: KYC_USER_EVENTS })
  async consume(@Payload() chunk: Chunk): Promise<ChunkOutcome> {
    return await this.createTasks.run(TOPICS.kycUserEvents, chunk);
  }
}
