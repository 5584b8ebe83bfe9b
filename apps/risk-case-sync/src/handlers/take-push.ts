import { Inject, Injectable } from '@nestjs/common';
import type { Acquirer } from '@kyc-relay/config';
import { Database } from '@kyc-relay/persistence';
import type { SourceObject } from '@kyc-relay/signing';
import { createHmac } from 'node:crypto';
import { canonicalPush, type PushMessage } from '../domain/push-message';
import { PushesRepository } from '../outbound/pushes.repository';
import { keepPushNotes } from '../outbound/push-notes.repository';
import { ReadBacksRepository } from '../outbound/read-backs.repository';
import { EngineSignal } from './engine-signal';

/** A push that is authentic. */
export interface AuthenticPush {
  push: PushMessage;
  acquirer: Acquirer;
  /** Whom the case is asked for, in this order. */
  agents: readonly string[];
  signed: boolean;
  body: SourceObject;
  bytes: Buffer;
}

/** Takes a push as a hint: kept, and the case ordered to be read back, in one transaction (risk-cases.md, Push). */
@Injectable()
export class TakePush {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PushesRepository) private readonly pushes: PushesRepository,
    @Inject(ReadBacksRepository) private readonly readBacks: ReadBacksRepository,
    @Inject(EngineSignal) private readonly signal: EngineSignal,
  ) {}

  /** Resolves once it is durable; false for a body of the last 24 hours, which changes nothing. */
  async run({ push, acquirer, agents, signed, body, bytes }: AuthenticPush): Promise<boolean> {
    // Keyed, since a body can hold an identity number, which a plain hash would let be guessed.
    const hash = createHmac('sha256', acquirer.access_keys[0]).update(canonicalPush(body)).digest('hex');
    const isNew = await this.database.transaction(async (tx) => {
      if (!(await this.pushes.rememberBody(tx, hash))) return false;
      await this.pushes.keep(tx, { acquirer: acquirer.name, flowNo: push.flowNo, signed, body: bytes });
      await keepPushNotes(tx, push.flowNo, push.notes);
      await this.readBacks.order(tx, push.flowNo, agents);
      return true;
    });
    if (isNew) this.signal.wake();
    return isNew;
  }

  /** The agent that a case is known of. */
  async agentOf(flowNo: string): Promise<string | undefined> {
    return await this.pushes.agentOf(this.database, flowNo);
  }
}
