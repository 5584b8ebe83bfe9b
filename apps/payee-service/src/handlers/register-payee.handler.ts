import { randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Outbox } from '@kyc-relay/outbox';
import { Database } from '@kyc-relay/persistence';
import { GroupCommit } from '@kyc-relay/service';
import { CUSTOMER_NO_RANDOM_LIMIT, makeCustomerNo } from '../domain/customer-no';
import { judgeRepeat, registerPayee, type Registration } from '../domain/decide-registration';
import type { Payee } from '../domain/payee';
import { readRegistration } from '../domain/read-registration';
import type { PayeeRefusal } from '../domain/refusal';
import { NewPayeesRepository, type NewPayee } from '../outbound/new-payees.repository';
import { PayeesRepository } from '../outbound/payees.repository';
import type { PartnerCall } from './partner-call';
import { toMessage } from './record-changes';

/**
 * A try fails only when a payee with that email or code was there and is deleted before it is read, or when a number is
 * drawn twice; many in a row do not happen.
 */
const MAX_TRIES = 10;

type RegisterOutcome = { readonly ok: true; readonly payee: Payee } | PayeeRefusal;

/** Most registrations of one statement: enough to share its cost, few enough to keep its locks short. */
const MAX_GROUP = 100;
/** Most registrations that wait in memory. */
const MAX_WAITING = 1_000;

/** Registers payees: the same content again is the same payee, also when it comes forty times at once. */
@Injectable()
export class RegisterPayeeHandler {
  private readonly groups = new GroupCommit<NewPayee, boolean>(async (payees) => await this.create(payees), {
    items: MAX_GROUP,
    waiting: MAX_WAITING,
  });

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PayeesRepository) private readonly payees: PayeesRepository,
    @Inject(NewPayeesRepository) private readonly newPayees: NewPayeesRepository,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  async handle({ merchantNo, storeNo, parameters, traceparent }: PartnerCall): Promise<RegisterOutcome> {
    const read = readRegistration(parameters, new Date());
    if (!read.ok) return read;
    const registration: Registration = { merchantNo, storeNo, profile: read.profile };
    for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
      const outcome = await this.createOrJudge(registration, traceparent);
      if (outcome !== undefined) return outcome;
    }
    throw new Error('a payee could neither be written nor be found');
  }

  /** The unique indexes decide who is first: whoever comes later waits for the first one's commit, and then judges it. */
  private async createOrJudge(
    registration: Registration,
    traceparent: string | undefined,
  ): Promise<RegisterOutcome | undefined> {
    const now = new Date();
    const customerNo = makeCustomerNo(now.getTime(), randomInt(CUSTOMER_NO_RANDOM_LIMIT));
    const change = registerPayee(registration, customerNo, now);
    if (await this.groups.submit({ change, message: toMessage(change, traceparent) }))
      return { ok: true, payee: change.payee };
    const existing = await this.payees.findUsers(
      this.database,
      registration.merchantNo,
      registration.profile,
    );
    return existing.length === 0 ? undefined : judgeRepeat(registration, existing);
  }

  /** Those that come at the same time share a statement; says of each whether it was written. */
  private async create(payees: readonly NewPayee[]): Promise<boolean[]> {
    const created = await this.newPayees.create(payees);
    if (created.size > 0) this.outbox.wake();
    return payees.map(({ change }) => created.has(change.payee.customerNo));
  }
}
