import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Outbox } from '@kyc-relay/outbox';
import { Database, type Tx } from '@kyc-relay/persistence';
import { CUSTOMER_NO_RANDOM_LIMIT, makeCustomerNo } from '../domain/customer-no';
import { judgeRepeat, registerPayee, type Registration } from '../domain/decide-registration';
import type { Payee } from '../domain/payee';
import { readRegistration } from '../domain/read-registration';
import type { PayeeRefusal } from '../domain/refusal';
import { PayeesRepository } from '../outbound/payees.repository';
import type { PartnerCall } from './partner-call';
import { recordChanges } from './record-changes';

/**
 * A try fails only when a payee with that email or code was there and is deleted before it is read, or when a number is
 * drawn twice; many in a row do not happen.
 */
const MAX_TRIES = 10;

type RegisterOutcome = { readonly ok: true; readonly payee: Payee } | PayeeRefusal;

/** Registers payees: the same content again is the same payee, also when it comes forty times at once. */
@Injectable()
export class RegisterPayeeHandler {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PayeesRepository) private readonly payees: PayeesRepository,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  async handle({ merchantNo, storeNo, parameters }: PartnerCall): Promise<RegisterOutcome> {
    const read = readRegistration(parameters, new Date());
    if (!read.ok) return read;
    const registration: Registration = { merchantNo, storeNo, profile: read.profile };
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      const outcome = await this.database.transaction(
        async (tx) => await this.insertOrJudge(tx, registration),
      );
      if (outcome === undefined) continue;
      this.outbox.wake();
      return outcome;
    }
    throw new Error('a payee could neither be written nor be found');
  }

  /** The unique indexes decide who is first: whoever comes later waits for the first one's commit, and then judges it. */
  private async insertOrJudge(tx: Tx, registration: Registration): Promise<RegisterOutcome | undefined> {
    const now = new Date();
    const customerNo = makeCustomerNo(now.getTime(), randomInt(CUSTOMER_NO_RANDOM_LIMIT));
    const change = registerPayee(registration, customerNo, now);
    const locked = await this.payees.insert(tx, change.payee);
    if (locked) {
      await recordChanges(locked, this.outbox, [change]);
      return { ok: true, payee: change.payee };
    }
    const existing = await this.payees.findUsers(tx, registration.merchantNo, registration.profile);
    return existing.length === 0 ? undefined : judgeRepeat(registration, existing);
  }
}
