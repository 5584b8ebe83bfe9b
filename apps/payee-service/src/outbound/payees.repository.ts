import type { KeyRing } from '@kyc-relay/crypto';
import { LockedKeys } from '@kyc-relay/outbox';
import type { OpenTx, Tx } from '@kyc-relay/persistence';
import type { Payee } from '../domain/payee';
import { KEY_NAMES, type KeyName, type PayeeKeys } from '../domain/payee-keys';
import { emailKeyOf, type PayeeProfile } from '../domain/profile';
import { PAYEE_COLUMNS, PayeeRowMapper, type PayeeRow } from './payee-row';

/** Payees that a transaction has locked; the lock is also that of their Kafka keys. */
export interface LockedPayees {
  readonly payees: ReadonlyMap<string, Payee>;
  readonly locked: LockedKeys;
}

/** Whose payee is sought, and by what. */
export interface SoughtPayee {
  readonly merchantNo: string;
  readonly keys: PayeeKeys;
}

/** The payee that each key names. */
export type FoundPayees = ReadonlyMap<KeyName, Payee>;

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
    const [found] = await this.findByKeys(tx, [{ merchantNo, keys }]);
    return [...new Map([...(found?.values() ?? [])].map((payee) => [payee.customerNo, payee])).values()];
  }

  /**
   * Of each that is sought the payee that each of its keys names; a key that names nobody is not there. One statement, in
   * it one index look-up a key.
   */
  async findByKeys(tx: Tx, sought: readonly SoughtPayee[]): Promise<FoundPayees[]> {
    const found = sought.map(() => new Map<KeyName, Payee>());
    const lookUps = KEY_NAMES.map((name) => lookUpOf(name, sought)).filter(({ items }) => items.length > 0);
    const rows = await tx.query<PayeeRow & { key: KeyName; item: number }>(
      lookUps.map(({ name }, index) => lookUpSql(name, 3 * index)).join(' union all '),
      lookUps.flatMap(({ items, merchants, values }) => [items, merchants, values]),
    );
    for (const row of rows) found[row.item]?.set(row.key, this.mapper.toPayee(row));
    return found;
  }

  /** Locks payees in the order of their numbers; deleted and unknown ones are not among them. */
  async lock(tx: OpenTx, customerNos: Iterable<string>): Promise<LockedPayees> {
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

/** What is looked up by one of the keys; `items` are places among what is sought. */
interface LookUp {
  name: KeyName;
  items: number[];
  merchants: string[];
  values: string[];
}

function lookUpOf(name: KeyName, sought: readonly SoughtPayee[]): LookUp {
  const lookUp: LookUp = { name, items: [], merchants: [], values: [] };
  for (const [item, { merchantNo, keys }] of sought.entries()) {
    const value = keys[name];
    if (value === undefined) continue;
    lookUp.items.push(item);
    lookUp.merchants.push(merchantNo);
    lookUp.values.push(value);
  }
  return lookUp;
}

/** @param before how many parameters stand before the three of this look-up */
function lookUpSql(name: KeyName, before: number): string {
  const [items, merchants, values] = [1, 2, 3].map((place) => `$${before + place}`);
  return `select item, '${name}' as key, ${PAYEE_COLUMNS}
    from unnest(${items}::int[], ${merchants}::text[], ${values}::text[]) as sought (item, of_merchant, value)
    join payee.payees on merchant_no = of_merchant and ${KEY_COLUMNS[name]} = value and deleted_at is null`;
}
