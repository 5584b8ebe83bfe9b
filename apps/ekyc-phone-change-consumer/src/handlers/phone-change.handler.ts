import { Inject, Injectable } from '@nestjs/common';
import type { PhoneChangedEvent } from '@kyc-relay/contracts';
import { decideChunk, decidePhoneChange, UserRepository } from '@kyc-relay/kyc';
import type { Chunk, ChunkOutcome } from '@kyc-relay/messaging';
import { Outbox } from '@kyc-relay/outbox';

/** Phone changes of accounts: the KYC phone follows where the user has an approved eKYC. */
@Injectable()
export class PhoneChangeHandler {
  constructor(
    @Inject(UserRepository) readonly users: UserRepository,
    @Inject(Outbox) readonly outbox: Outbox,
  ) {}

  async handle(chunk: Chunk): Promise<ChunkOutcome> {
    return await decideChunk<PhoneChangedEvent>(chunk, this, { decide: decidePhoneChange });
  }
}
