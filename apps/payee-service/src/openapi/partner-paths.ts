import { PAYEE_FIELDS, PAYEE_STATUSES, type JsonSchema, type PayeeField } from '@kyc-relay/contracts';
import { answer, body, objectOf, type Answer, type Operation, type PathItem } from '@kyc-relay/http';
import { KEY_NAMES } from '../domain/payee-keys';
import { GOVERNMENT_ID_TYPES, MANDATORY_FIELDS, PROFILE_TYPES } from '../domain/profile';
import { RET_CODES } from '../inbound/ret-code';

const TEXT: JsonSchema = { type: ['string', 'number'], maxLength: 255 };
const FIELDS: Partial<Record<PayeeField, JsonSchema>> = {
  dateOfBirth: {
    type: 'string',
    format: 'date',
    description: '18 or older on the day in the payee’s country.',
  },
  governmentIdType: { type: 'string', enum: [...GOVERNMENT_ID_TYPES] },
  email: { type: 'string', format: 'email', maxLength: 254 },
  countryCode: { type: 'string', pattern: '^[A-Z]{2}$', description: 'ISO 3166 alpha-2.' },
  profileType: { type: 'string', enum: [...PROFILE_TYPES] },
  company: { ...TEXT, description: 'Mandatory for a business.' },
  lang: {
    type: 'string',
    pattern: '^[a-z]{2}_[A-Z]{2}$',
    description: 'zh_CN for CN, else en_US, unless given.',
  },
};

const ADDRESSING: Record<string, JsonSchema> = {
  merchantNo: { type: ['string', 'number'] },
  storeNo: { type: ['string', 'number'] },
  timestamp: {
    type: 'string',
    format: 'date-time',
    description: 'UTC; mandatory where the registry says so, and then and otherwise within the tolerance.',
  },
  verifySign: {
    type: 'string',
    pattern: '^[0-9a-fA-F]{32}$',
    description:
      'MD5 of every other parameter that is not empty, sorted by name, k=v joined with &, then & and the MD5 of the API token, all lower-case hex.',
  },
};

const KEYS: Record<string, JsonSchema> = {
  customerNo: { type: ['string', 'number'], pattern: '^[0-9]{22}$' },
  email: FIELDS.email ?? TEXT,
  customerCode: TEXT,
};

const EXAMPLE = {
  city: '北京',
  country: '中国',
  countryCode: 'CN',
  customerCode: '1667198337',
  dateOfBirth: '1999-01-01',
  email: '1667198337@grigora.io',
  firstName: '三',
  governmentId: '110101199003074493',
  governmentIdType: 'ID_CARD',
  lastName: '张',
  merchantNo: '202333',
  phone: '1234567890',
  profileType: 'INDIVIDUAL',
  state: '北京',
  storeNo: '301854',
  street: '长城',
  street2: '',
  verifySign: '141803fb1e21ff977d7fa5f68067860a',
  zip: '100000',
};
const BY_NUMBER = {
  customerNo: '2000305228294092293550',
  merchantNo: '202333',
  storeNo: '301854',
  timestamp: '2022-11-08T06:31:34Z',
  verifySign: '1d63dd51b198bc3013b8e102d57c5d7e',
};

const ANSWER: Record<string, JsonSchema> = {
  ret_msg: {
    type: 'string',
    description: 'What was done, or each field or key that is wrong; never a value.',
  },
  ret_code: {
    type: 'string',
    enum: Object.values(RET_CODES),
    description: [
      '000100 done',
      '000020 a mandatory parameter is missing, or the JSON cannot be read',
      '000030 signature, merchant, store or timestamp refused',
      '000023 a value is wrong',
      '000022 parameters that do not fit together',
      '000021 a key that names nobody',
      '000040 the payee’s status does not allow it',
      '000000 our fault, nothing changed, try again',
    ].join('; '),
  },
};
const SECONDS: JsonSchema = { type: 'string', format: 'date-time', description: 'UTC, to the second.' };
const REGISTERED = objectOf(
  {
    firstName: TEXT,
    lastName: TEXT,
    customerCode: TEXT,
    createdTime: SECONDS,
    customerNo: { type: 'string', pattern: '^[0-9]{22}$' },
    email: KEYS['email'] ?? TEXT,
  },
  ['customerCode'],
);
const CUSTOMER = objectOf(
  {
    ...Object.fromEntries(PAYEE_FIELDS.map((field) => [field, schemaOf(field)])),
    customerNo: { type: 'string', pattern: '^[0-9]{22}$' },
    payeeStatus: { type: 'string', enum: [...PAYEE_STATUSES] },
    createdTime: SECONDS,
    updatedTime: SECONDS,
  },
  ['country', 'customerCode', 'phone', 'street2', 'company'],
);

/** The signed API of partners (payees.md, API and Answers). */
export const PARTNER_PATHS: Record<string, PathItem> = {
  '/v3/payee/register': {
    post: operation('registerPayee', 'Registers an individual or a business', {
      description:
        'The same content again answers the same customerNo; email and customerCode are unique per merchant among payees that are not deleted.',
      request: request(fieldsOf(PAYEE_FIELDS), MANDATORY_FIELDS, EXAMPLE),
      done: withCustomer(REGISTERED, 'success', {
        firstName: '三',
        lastName: '张',
        customerCode: '1667198337',
        createdTime: '2022-10-31T06:40:20Z',
        customerNo: '2000305228294092293550',
        email: '1667198337@grigora.io',
      }),
    }),
  },
  '/v3/payee/retrieve': {
    post: operation('retrievePayee', 'The payee that one or several keys name', {
      description: `By ${KEY_NAMES.join(', ')}; given together they must name the same payee.`,
      request: request(KEYS, [], BY_NUMBER),
      done: withCustomer(CUSTOMER, 'query success', {
        zip: '100000',
        lastName: '张',
        country: '中国',
        updatedTime: '2022-11-08T05:48:20Z',
        payeeStatus: 'Unverified',
        city: '北京',
        customerCode: '1667198337',
        dateOfBirth: '1999-01-01',
        firstName: '三',
        governmentIdType: 'ID_CARD',
        profileType: 'INDIVIDUAL',
        countryCode: 'CN',
        street: '长城',
        createdTime: '2022-11-08T05:48:20Z',
        state: '北京',
        lang: 'zh_CN',
        customerNo: '2000305228294092293550',
        email: '1667198337@grigora.io',
        governmentId: '110101199003074493',
        phone: '1234567890',
      }),
    }),
  },
  '/v3/payee/update': {
    post: operation('updatePayee', 'Changes the fields given beside the keys', {
      description: 'The keys select and never change. Refused once the payee is Activated, and after.',
      request: request({ ...fieldsOf(PAYEE_FIELDS), ...KEYS }, [], { ...BY_NUMBER, street: '中南海' }),
      done: simply('update success'),
    }),
  },
  '/v3/payee/delete': {
    post: operation('deletePayee', 'Deletes the payee that the keys name', {
      description: 'In every status; a second delete finds nothing.',
      request: request(KEYS, [], BY_NUMBER),
      done: simply('delete success'),
    }),
  },
};

interface OperationParts {
  description: string;
  request: NonNullable<Operation['requestBody']>;
  done: Answer;
}

function operation(operationId: string, summary: string, parts: OperationParts): Operation {
  return {
    operationId,
    summary,
    description: `${parts.description} An empty or null parameter is the same as an absent one.`,
    tags: ['partners'],
    // The signature stands in the body, where OpenAPI has no word for it.
    security: [],
    requestBody: parts.request,
    responses: {
      '200': parts.done,
      '413': refusal('The body is over 1 MiB.', RET_CODES.wrongValue, 'payload too large'),
      '429': refusal('The merchant is over its rate.', RET_CODES.ourFault, 'try again in 1 s'),
      '503': refusal('Our fault; nothing changed.', RET_CODES.ourFault, 'try again later'),
    },
  };
}

function request(
  parameters: Record<string, JsonSchema>,
  mandatory: readonly string[],
  example: object,
): NonNullable<Operation['requestBody']> {
  const schema: JsonSchema = {
    type: 'object',
    properties: { ...ADDRESSING, ...parameters },
    required: ['merchantNo', 'storeNo', 'verifySign', ...mandatory],
  };
  return body(schema, example);
}

function fieldsOf(fields: readonly PayeeField[]): Record<string, JsonSchema> {
  return Object.fromEntries(fields.map((field) => [field, schemaOf(field)]));
}

function schemaOf(field: PayeeField): JsonSchema {
  return FIELDS[field] ?? TEXT;
}

function withCustomer(customer: JsonSchema, message: string, example: object): Answer {
  const schema = objectOf({ ...ANSWER, customer }, ['customer']);
  return answer('Done, or refused with a code.', schema, {
    ret_msg: message,
    ret_code: RET_CODES.done,
    customer: example,
  });
}

function simply(message: string): Answer {
  return answer('Done, or refused with a code.', objectOf(ANSWER), {
    ret_msg: message,
    ret_code: RET_CODES.done,
  });
}

function refusal(description: string, code: string, message: string): Answer {
  return answer(description, objectOf(ANSWER), { ret_msg: message, ret_code: code });
}
