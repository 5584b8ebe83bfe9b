import { validateDto, type FieldError, type ReviewKind } from '@kyc-relay/contracts';
import {
  KIND_OF_BIZ_TYPE,
  readStatus,
  type Notification,
  type ReviewDetail,
  type ReviewedPart,
  type ReviewedPerson,
} from '../domain/notification';
import {
  KybNotificationBody,
  StoreNotificationBody,
  type DetailBody,
  type PartBody,
  type PersonBody,
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
  const notification: Notification = {
    kind,
    bizType: body.bizType.trim(),
    bizId: body.bizId.trim(),
    institutionId: body.institutionId.trim(),
    merchantClientId: body.merchantClientId.trim(),
    subClientId: body.subClientId.trim(),
    status: readStatus(body.status),
    comment: body.comment,
  };
  if (body instanceof StoreNotificationBody) {
    notification.accId = body.accId.trim();
    notification.merchantAccId = body.merchantAccId.trim();
  }
  if (body.reviewDetail) notification.detail = toDetail(body.reviewDetail);
  return notification;
}

function toDetail({ companyReviewResult, personReviewResult, additionalInfo }: DetailBody): ReviewDetail {
  const detail: ReviewDetail = { persons: (personReviewResult ?? []).map(toPerson) };
  if (companyReviewResult) detail.company = toPart(companyReviewResult);
  if (additionalInfo) {
    const { status, comment = '', needAdditionalInfos = [] } = additionalInfo;
    detail.additionalInfo = { status: readStatus(status), comment, needAdditionalInfos };
  }
  return detail;
}

function toPerson(person: PersonBody): ReviewedPerson {
  return {
    status: readStatus(person.status),
    comment: person.comment ?? '',
    customerId: person.customerId,
    // The rules have made sure of one of the two.
    customerType: person.customerType ?? person.customerTye ?? 0,
    idCardNumber: person.idCardNumber,
  };
}

function toPart({ status, comment = '' }: PartBody): ReviewedPart {
  return { status: readStatus(status), comment };
}
