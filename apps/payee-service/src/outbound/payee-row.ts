import type { PayeeStatus } from '@kyc-relay/contracts';
import type { KeyRing, SealedPlace } from '@kyc-relay/crypto';
import type { Payee } from '../domain/payee';
import { emailKeyOf, type PayeeProfile } from '../domain/profile';

/** A row of `payee.payees` that is not deleted, as the driver gives it. */
export interface PayeeRow {
  customer_no: string;
  merchant_no: string;
  store_no: string;
  version: number;
  status: PayeeStatus;
  status_since: Date;
  email: string;
  customer_code: string | null;
  government_id: Buffer;
  profile: Omit<PayeeProfile, 'email' | 'customerCode' | 'governmentId'>;
  created_at: Date;
  updated_at: Date;
}

/** The columns of {@link PayeeRow}, for a select. */
export const PAYEE_COLUMNS = `customer_no, merchant_no, store_no, version, status, status_since, email, customer_code,
  government_id, profile, created_at, updated_at`;

/** A row to be made, with the keys that are looked up by. */
export interface NewPayeeRow extends PayeeRow {
  email_key: string;
}

/** The columns of {@link NewPayeeRow} and their types. */
export const NEW_PAYEE_COLUMNS: Readonly<Record<keyof NewPayeeRow, string>> = {
  customer_no: 'text',
  merchant_no: 'text',
  store_no: 'text',
  version: 'integer',
  status: 'text',
  status_since: 'timestamptz',
  email: 'text',
  email_key: 'text',
  customer_code: 'text',
  government_id: 'bytea',
  profile: 'jsonb',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
};

/** Between a row, in which the identity number stands sealed and the keys apart, and the domain's payee. */
export class PayeeRowMapper {
  constructor(private readonly keyRing: KeyRing) {}

  toPayee(row: PayeeRow): Payee {
    const governmentId = this.keyRing.open(row.government_id, placeOfGovernmentId(row.customer_no));
    return {
      customerNo: row.customer_no,
      merchantNo: row.merchant_no,
      storeNo: row.store_no,
      version: row.version,
      status: row.status,
      statusSince: row.status_since,
      profile: {
        ...row.profile,
        email: row.email,
        governmentId: governmentId.toString('utf8'),
        ...(row.customer_code === null ? {} : { customerCode: row.customer_code }),
      },
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    };
  }

  /** A new row; the identity number is sealed. */
  toNewRow(payee: Payee): NewPayeeRow {
    const { email, customerCode, governmentId, ...profile } = payee.profile;
    return {
      customer_no: payee.customerNo,
      merchant_no: payee.merchantNo,
      store_no: payee.storeNo,
      version: payee.version,
      status: payee.status,
      status_since: payee.statusSince,
      email,
      email_key: emailKeyOf(email),
      customer_code: customerCode ?? null,
      government_id: this.sealGovernmentId(payee.customerNo, governmentId),
      profile,
      created_at: payee.createdAt,
      updated_at: payee.updatedAt,
    };
  }

  sealGovernmentId(customerNo: string, governmentId: string): Buffer {
    return this.keyRing.seal(governmentId, placeOfGovernmentId(customerNo));
  }
}

/** Where a sealed identity number belongs. */
function placeOfGovernmentId(customerNo: string): SealedPlace {
  return { table: 'payee.payees', column: 'government_id', row: customerNo };
}
