import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@kyc-relay/persistence';
import type { Payee } from '../domain/payee';
import { readKeys } from '../domain/payee-keys';
import type { PayeeRefusal } from '../domain/refusal';
import { PayeesRepository } from '../outbound/payees.repository';
import type { PartnerCall } from './partner-call';
import { selectPayee } from './select-payee';

/** Finds the payee that a merchant's keys name. */
@Injectable()
export class RetrievePayeeHandler {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PayeesRepository) private readonly payees: PayeesRepository,
  ) {}

  async handle({
    merchantNo,
    parameters,
  }: PartnerCall): Promise<{ readonly ok: true; readonly payee: Payee } | PayeeRefusal> {
    const read = readKeys(parameters);
    if (!read.ok) return read;
    return await selectPayee(this.database, this.payees, merchantNo, read.keys);
  }
}
