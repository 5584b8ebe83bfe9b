import type { KeyRing } from '@kyc-relay/crypto';
import { LockedKeys } from '@kyc-relay/outbox';
import type { Tx } from '@kyc-relay/persistence';
import type { Payee } from '../domain/payee';
import type { KeyName, PayeeKeys } from '../domain/payee-keys';
import { emailKeyOf, type PayeeProfile } from '../domain/profile';
import { PAYEE_COLUMNS, PayeeRowMapper, type PayeeRow } from './payee-row';

/** Payees that a transaction has locked; the lock is also that of their Kafka keys. */
export interface LockedPayees {
  readonly payees: ReadonlyMap<string, Payee>;
  readonly locked: LockedKeys;
}

/** The column that a key is looked up in; each has an index of its own. */
const KEY_COLUMNS: Readonly<Record<KeyName, string>> = {
  customerNo: 'customer_no',
  email: 'email_key',
  customerCode: 'customer_code',
};

/** The payees of a context. */
export class PayeesRepository {
  private readonly mapper: PayeeRowMapper;

  constructor(keyRing: KeyRing) {
    this.mapper = new PayeeRowMapper(keyRing);
  }

  /** The merchant's payees that use the email or the code of a profile. */
  async findUsers(tx: Tx, merchantNo: string, profile: PayeeProfile): Promise<Payee[]> {
    const keys: PayeeKeys = {
      email: emailKeyOf(profile.email),
      ...(profile.customerCode === undefined ? {} : { customerCode: profile.customerCode }),
    };
    const found = await this.findByKeys(tx, merchantNo, keys);
    return [...new Map([...found.values()].map((payee) => [payee.customerNo, payee])).values()];
  }

  /** The payee that each of the keys names; a key that names nobody is not there. One index look-up a key. */
  async findByKeys(tx: Tx, merchantNo: string, keys: PayeeKeys): Promise<Map<KeyName, Payee>> {
    const given = Object.entries(keys) as [KeyName, string][];
    const rows = await tx.query<PayeeRow & { key: KeyName }>(
      given
        .map(
          ([name], index) => `select '${name}' as key, ${PAYEE_COLUMNS} from payee.payees
            where merchant_no = $1 and ${KEY_COLUMNS[name]} = $${index + 2} and deleted_at is null`,
        )
        .join(' union all '),
      [merchantNo, ...given.map(([, value]) => value)],
    );
    return new Map(rows.map((row) => [row.key, this.mapper.toPayee(row)]));
  }

  /** Locks payees in the order of their numbers; deleted and unknown ones are not among them. */
  async lock(tx: Tx, customerNos: Iterable<string>): Promise<LockedPayees> {
    const rows = await tx.query<PayeeRow>(
      `select ${PAYEE_COLUMNS} from payee.payees
       where customer_no = any($1::text[]) and deleted_at is null order by customer_no for update`,
      [[...new Set(customerNos)]],
    );
    const payees = new Map(rows.map((row) => [row.customer_no, this.mapper.toPayee(row)]));
    return { payees, locked: LockedKeys.heldBy(tx, payees.keys()) };
  }

  /** Writes what may change of a locked payee; an identity number that stays is not sealed anew. */
  async save(tx: Tx, before: Payee, after: Payee): Promise<void> {
    const { email: _email, customerCode: _code, governmentId, ...profile } = after.profile;
    const isSealedAnew = governmentId !== before.profile.governmentId;
    await tx.execute(
      `update payee.payees set version = $2, status = $3, status_since = $4, profile = $5, updated_at = $6,
         government_id = coalesce($7, government_id)
       where customer_no = $1`,
      [
        after.customerNo,
        after.version,
        after.status,
        after.statusSince,
        JSON.stringify(profile),
        after.updatedAt,
        isSealedAnew ? this.mapper.sealGovernmentId(after.customerNo, governmentId) : null,
      ],
    );
  }

  /** One payee that is not deleted, as it is committed now. */
  async find(tx: Tx, customerNo: string): Promise<Payee | undefined> {
    const rows = await tx.query<PayeeRow>(
      `select ${PAYEE_COLUMNS} from payee.payees where customer_no = $1 and deleted_at is null`,
      [customerNo],
    );
    return rows[0] && this.mapper.toPayee(rows[0]);
  }
}
