import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@kyc-relay/persistence';
import { GroupCommit } from '@kyc-relay/service';
import { readKeys } from '../domain/payee-keys';
import { PayeesRepository, type FoundPayees, type SoughtPayee } from '../outbound/payees.repository';
import type { PartnerCall } from './partner-call';
import { choosePayee, type SelectedPayee } from './select-payee';

/** Most retrievals of one statement. */
const MAX_GROUP = 100;
/** Most retrievals that wait in memory. */
const MAX_WAITING = 1_000;

/** Finds the payee that a merchant's keys name; those that ask at the same time share a statement. */
@Injectable()
export class RetrievePayeeHandler {
  private readonly groups: GroupCommit<SoughtPayee, FoundPayees>;

  constructor(@Inject(Database) database: Database, @Inject(PayeesRepository) payees: PayeesRepository) {
    this.groups = new GroupCommit(async (sought) => await payees.findByKeys(database, sought), {
      items: MAX_GROUP,
      waiting: MAX_WAITING,
    });
  }

  async handle({ merchantNo, parameters }: PartnerCall): Promise<SelectedPayee> {
    const read = readKeys(parameters);
    if (!read.ok) return read;
    return choosePayee(read.keys, await this.groups.submit({ merchantNo, keys: read.keys }));
  }
}
