import { Inject, Injectable } from '@nestjs/common';
import { Outbox } from '@kyc-relay/outbox';
import { Database } from '@kyc-relay/persistence';
import { CHANGEABLE_FIELDS, decideUpdate } from '../domain/decide-update';
import { readKeys } from '../domain/payee-keys';
import { readFields } from '../domain/read-registration';
import type { PayeeRefusal } from '../domain/refusal';
import { PayeesRepository } from '../outbound/payees.repository';
import type { PartnerCall } from './partner-call';
import { recordChanges } from './record-changes';
import { lockSelected, selectPayee } from './select-payee';

/** Changes the fields of a payee, as long as it is not activated. */
@Injectable()
export class UpdatePayeeHandler {
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
    const given = readFields(parameters, CHANGEABLE_FIELDS);
    if (!given.ok) return given;
    return await this.database.transaction(async (tx): Promise<{ ok: true } | PayeeRefusal> => {
      const selected = await selectPayee(tx, this.payees, merchantNo, read.keys);
      if (!selected.ok) return selected;
      const held = await lockSelected(tx, this.payees, read.keys, selected.payee.customerNo);
      if (!held.ok) return held;
      const decision = decideUpdate(held.payee, given.fields, { storeNo, now: new Date() });
      if ('ok' in decision) return decision;
      if (decision.kind === 'APPLIED') {
        await this.payees.save(tx, held.payee, decision.payee);
        await recordChanges(held.locked, this.outbox, [decision], traceparent);
      }
      return { ok: true };
    });
  }
}
