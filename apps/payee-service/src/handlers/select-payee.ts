import type { OpenTx, Tx } from '@kyc-relay/persistence';
import type { Payee } from '../domain/payee';
import { agreeOnPayee, KEY_NAMES, type PayeeKeys } from '../domain/payee-keys';
import { refuseFields, type PayeeRefusal } from '../domain/refusal';
import type { FoundPayees, LockedPayees, PayeesRepository } from '../outbound/payees.repository';

/** The one payee that the keys name, or why there is none. */
export type SelectedPayee = { readonly ok: true; readonly payee: Payee } | PayeeRefusal;

/** The merchant's payee that the keys name, as it is committed now. */
export async function selectPayee(
  tx: Tx,
  payees: PayeesRepository,
  merchantNo: string,
  keys: PayeeKeys,
): Promise<SelectedPayee> {
  const [found = new Map()] = await payees.findByKeys(tx, [{ merchantNo, keys }]);
  return choosePayee(keys, found);
}

/** The one payee that the keys name, among those that were found by them. */
export function choosePayee(keys: PayeeKeys, found: FoundPayees): SelectedPayee {
  const agreed = agreeOnPayee(keys, new Map([...found].map(([key, { customerNo }]) => [key, customerNo])));
  const [payee] = found.values();
  return agreed.ok && payee ? { ok: true, payee } : (agreed as PayeeRefusal);
}

/** A payee that the keys name, locked. */
export interface SelectedForChange extends LockedPayees {
  readonly ok: true;
  readonly payee: Payee;
}

/** Locks the payee that the keys named; a payee's keys never change, but it can be deleted in between. */
export async function lockSelected(
  tx: OpenTx,
  payees: PayeesRepository,
  keys: PayeeKeys,
  customerNo: string,
): Promise<SelectedForChange | PayeeRefusal> {
  const held = await payees.lock(tx, [customerNo]);
  const payee = held.payees.get(customerNo);
  if (payee) return { ok: true, payee, ...held };
  const given = KEY_NAMES.filter((name) => keys[name] !== undefined);
  return refuseFields('payee.key-unknown', given, 'names no payee');
}
