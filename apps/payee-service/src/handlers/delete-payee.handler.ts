import { Inject, Injectable } from '@nestjs/common';
import { Outbox } from '@kyc-relay/outbox';
import { Database } from '@kyc-relay/persistence';
import { deletePayee } from '../domain/decide-delete';
import { readKeys } from '../domain/payee-keys';
import type { PayeeRefusal } from '../domain/refusal';
import { erasePayee, eraseWaitingMessages } from '../outbound/erasure.repository';
import { PayeesRepository } from '../outbound/payees.repository';
import type { PartnerCall } from './partner-call';
import { recordChanges } from './record-changes';
import { lockSelected, selectPayee } from './select-payee';

/** Deletes a payee: what is personal goes everywhere in this context, the tombstone stays. */
@Injectable()
export class DeletePayeeHandler {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PayeesRepository) private readonly payees: PayeesRepository,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  async handle({
    merchantNo,
    storeNo,
    parameters,
    traceparent,
  }: PartnerCall): Promise<{ readonly ok: true } | PayeeRefusal> {
    const read = readKeys(parameters);
    if (!read.ok) return read;
    return await this.database.transaction(async (tx): Promise<{ ok: true } | PayeeRefusal> => {
      const selected = await selectPayee(tx, this.payees, merchantNo, read.keys);
      if (!selected.ok) return selected;
      const { customerNo } = selected.payee;
      await eraseWaitingMessages(tx, customerNo);
      const held = await lockSelected(tx, this.payees, read.keys, customerNo);
      if (!held.ok) return held;
      const change = deletePayee(held.payee, { storeNo, now: new Date() });
      await erasePayee(tx, change.payee);
      await recordChanges(held.locked, this.outbox, [change], traceparent);
      return { ok: true };
    });
  }
}
