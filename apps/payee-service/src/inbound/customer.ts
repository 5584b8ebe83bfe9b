import { toSeconds, type Payee } from '../domain/payee';
import { languageOf } from '../domain/profile';

/** What register answers of the payee. */
export interface RegisteredCustomer {
  firstName: string;
  lastName: string;
  /** Absent where none was given. */
  customerCode?: string;
  /** ISO 8601 UTC to the second. */
  createdTime: string;
  /** 22 digits. */
  customerNo: string;
  email: string;
}

/** The customer that register answers, in the order of the source. */
export function toRegisteredCustomer({ profile, createdAt, customerNo }: Payee): RegisteredCustomer {
  const { firstName, lastName, customerCode, email } = profile;
  return {
    firstName,
    lastName,
    ...(customerCode === undefined ? {} : { customerCode }),
    createdTime: toSeconds(createdAt),
    customerNo,
    email,
  };
}

/** The whole customer that retrieve answers, in the order of the source; what was not given is not there. */
export function toCustomer(payee: Payee): Record<string, string> {
  const { profile } = payee;
  const customer: Record<string, string | undefined> = {
    zip: profile.zip,
    lastName: profile.lastName,
    country: profile.country,
    updatedTime: toSeconds(payee.updatedAt),
    payeeStatus: payee.status,
    city: profile.city,
    customerCode: profile.customerCode,
    dateOfBirth: profile.dateOfBirth,
    firstName: profile.firstName,
    governmentIdType: profile.governmentIdType,
    profileType: profile.profileType,
    countryCode: profile.countryCode,
    street: profile.street,
    createdTime: toSeconds(payee.createdAt),
    state: profile.state,
    lang: languageOf(profile),
    customerNo: payee.customerNo,
    email: profile.email,
    governmentId: profile.governmentId,
    phone: profile.phone,
    street2: profile.street2,
    company: profile.company,
  };
  return Object.fromEntries(
    Object.entries(customer).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
