import { Inject, Injectable } from '@nestjs/common';
import type { AccountStateEvent } from '@kyc-relay/contracts';
import { decideAccountEvent, decideChunk, UserRepository } from '@kyc-relay/kyc';
import type { Chunk, ChunkOutcome } from '@kyc-relay/messaging';
import { Outbox } from '@kyc-relay/outbox';

/** Account events: they only move the state that the entry depends on. */
@Injectable()
export class AccountEventsHandler {
  constructor(
    @Inject(UserRepository) readonly users: UserRepository,
    @Inject(Outbox) readonly outbox: Outbox,
  ) {}

  async handle(chunk: Chunk): Promise<ChunkOutcome> {
    return await decideChunk<AccountStateEvent>(chunk, this, { decide: decideAccountEvent });
  }
}
