import { Inject, Injectable } from '@nestjs/common';
import { RegistryFile } from '@kyc-relay/config';
import type { KycCaseEvent } from '@kyc-relay/contracts';
import { decideCaseEvent, decideChunk, UserRepository, type CaseOfUser } from '@kyc-relay/kyc';
import type { Chunk, ChunkOutcome } from '@kyc-relay/messaging';
import { Outbox } from '@kyc-relay/outbox';

/** Case events: the status rules decide, with the businesses as the registry has them now. */
@Injectable()
export class CaseEventsHandler {
  constructor(
    @Inject(UserRepository) readonly users: UserRepository,
    @Inject(Outbox) readonly outbox: Outbox,
    @Inject(RegistryFile) private readonly registry: RegistryFile,
  ) {}

  async handle(chunk: Chunk): Promise<ChunkOutcome> {
    const businesses = [...this.registry.current().businesses.values()].map((business) => ({
      bizId: business.biz_id,
      requiredLevel: business.required_level,
    }));
    return await decideChunk<KycCaseEvent>(chunk, this, {
      decide: (record, event, context) => decideCaseEvent(record, event, { ...context, businesses }),
      opensCase,
    });
  }
}

function opensCase(event: KycCaseEvent): CaseOfUser | undefined {
  return event.type === 'kyc.case.submitted' || event.type === 'kyc.photo.reuploaded'
    ? { shopeeUid: event.data.shopee_uid, caseId: event.data.case_id }
    : undefined;
}
