import { validateDto, type FieldError, type ReviewKind } from '@kyc-relay/contracts';
import {
  KIND_OF_BIZ_TYPE,
  readStatus,
  type Notification,
  type ReviewDetail,
  type ReviewedPart,
} from '../domain/notification';
import {
  KybNotificationBody,
  StoreNotificationBody,
  type DetailBody,
  type PartBody,
} from './notification.dto';

/** A JSON object that may be a notification. */
export type Message = Readonly<Record<string, unknown>>;

/** A notification, or every field that is wrong. */
export type ReadNotification = { ok: true; notification: Notification } | { ok: false; errors: FieldError[] };

const BIZ_TYPES = [...KIND_OF_BIZ_TYPE.keys()].join(' or ');

/**
 * Checks a message whose signature is verified and reads its variants: both spellings of `customerType`, PASSED for PASS,
 * white space around ids (which are signed trimmed). Unknown fields are let be.
 */
export function readNotification(message: Message): ReadNotification {
  const kind = kindOf(message);
  const body = kind === 'STORE' ? StoreNotificationBody : KybNotificationBody;
  const checked = validateDto(body, message, '', 'ignored');
  if (checked.ok && kind) return { ok: true, notification: toNotification(kind, checked.value) };
  const errors = checked.ok ? [] : checked.errors;
  const isNamed = kind !== undefined || errors.some(({ field }) => field === 'bizType');
  return {
    ok: false,
    errors: isNamed ? errors : [{ field: 'bizType', message: `must be ${BIZ_TYPES}` }, ...errors],
  };
}

function kindOf({ bizType }: Message): ReviewKind | undefined {
  return typeof bizType === 'string' ? KIND_OF_BIZ_TYPE.get(bizType.trim()) : undefined;
}

function toNotification(kind: ReviewKind, body: KybNotificationBody | StoreNotificationBody): Notification {
  return {
    kind,
    bizType: body.bizType.trim(),
    bizId: body.bizId.trim(),
    institutionId: body.institutionId.trim(),
    merchantClientId: body.merchantClientId.trim(),
    subClientId: body.subClientId.trim(),
    ...(body instanceof StoreNotificationBody
      ? { accId: body.accId.trim(), merchantAccId: body.merchantAccId.trim() }
      : {}),
    status: readStatus(body.status),
    comment: body.comment,
    ...(body.reviewDetail && { detail: toDetail(body.reviewDetail) }),
  };
}

function toDetail({ companyReviewResult, personReviewResult, additionalInfo }: DetailBody): ReviewDetail {
  return {
    ...(companyReviewResult && { company: toPart(companyReviewResult) }),
    persons: (personReviewResult ?? []).map((person) => ({
      ...toPart(person),
      customerId: person.customerId,
      // The rules have made sure of one of the two.
      customerType: person.customerType ?? person.customerTye ?? 0,
      idCardNumber: person.idCardNumber,
    })),
    ...(additionalInfo && {
      additionalInfo: {
        ...toPart(additionalInfo),
        needAdditionalInfos: additionalInfo.needAdditionalInfos ?? [],
      },
    }),
  };
}

function toPart({ status, comment = '' }: PartBody): ReviewedPart {
  return { status: readStatus(status), comment };
}
