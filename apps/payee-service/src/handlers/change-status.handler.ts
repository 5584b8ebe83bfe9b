import { Inject, Injectable } from '@nestjs/common';
import { audit } from '@kyc-relay/access';
import type { PayeeStatus } from '@kyc-relay/contracts';
import { Outbox } from '@kyc-relay/outbox';
import { Database } from '@kyc-relay/persistence';
import { decideOperatorMove } from '../domain/decide-status';
import type { Payee } from '../domain/payee';
import { PayeesRepository } from '../outbound/payees.repository';
import { recordChanges } from './record-changes';

/** What became of an operator's move. */
export type MoveOutcome =
  | { readonly kind: 'MOVED'; readonly payee: Payee }
  | { readonly kind: 'IMPOSSIBLE'; readonly from: PayeeStatus }
  | { readonly kind: 'UNKNOWN' };

/** An operator moves a payee, audited in the same transaction. */
@Injectable()
export class ChangeStatusHandler {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PayeesRepository) private readonly payees: PayeesRepository,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  async handle(
    customerNo: string,
    status: PayeeStatus,
    { actor, reason, traceparent }: { actor: string; reason: string; traceparent?: string | undefined },
  ): Promise<MoveOutcome> {
    return await this.database.transaction(async (tx): Promise<MoveOutcome> => {
      const held = await this.payees.lock(tx, [customerNo]);
      const payee = held.payees.get(customerNo);
      if (!payee) return { kind: 'UNKNOWN' };
      const now = new Date();
      const decision = decideOperatorMove(payee, status, { actor, reason, now });
      if (decision.kind === 'IMPOSSIBLE') return { kind: 'IMPOSSIBLE', from: payee.status };
      await this.payees.save(tx, payee, decision.payee);
      await recordChanges(held.locked, this.outbox, [decision], traceparent);
      await audit(tx, 'payee', {
        actor,
        action: 'payee.change-status',
        target: customerNo,
        reason,
        details: { from: payee.status, to: status },
        at: now,
      });
      return { kind: 'MOVED', payee: decision.payee };
    });
  }
}
