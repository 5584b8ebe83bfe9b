import type { ReviewKind } from '@kyc-relay/contracts';

/** What names a review: two institutions may be told of one `bizId`. */
export interface ReviewName {
  institutionId: string;
  bizType: string;
  bizId: string;
}

/** What the reviewer says of one part of a submission. */
export interface ReviewedPart {
  status: string;
  /** Empty where there is none. */
  comment: string;
}

/** What the reviewer says of a person. */
export interface ReviewedPerson extends ReviewedPart {
  customerId: number;
  /** 1 legal person, 2 shareholder, 3 beneficiary. */
  customerType: number;
  /** In clear; masked wherever it goes on. */
  idCardNumber: string;
}

/** What the reviewer says of the documents beside. */
export interface ReviewedAdditionalInfo extends ReviewedPart {
  needAdditionalInfos: string[];
}

/** The partner's `reviewDetail`. */
export interface ReviewDetail {
  company?: ReviewedPart;
  persons: ReviewedPerson[];
  additionalInfo?: ReviewedAdditionalInfo;
}

/** A notification whose fields are checked, its variants of spelling read (review-notify.md, Endpoint). */
export interface Notification extends ReviewName {
  kind: ReviewKind;
  subClientId: string;
  merchantClientId: string;
  /** Only of a STORE. */
  accId?: string;
  /** Only of a STORE. */
  merchantAccId?: string;
  status: string;
  comment: string;
  detail?: ReviewDetail;
}

/** The kinds by the partner's `bizType`. */
export const KIND_OF_BIZ_TYPE: ReadonlyMap<string, ReviewKind> = new Map([
  ['SM_KYC_REVIEW', 'KYB'],
  ['SM_STORE_REVIEW', 'STORE'],
]);

/** A status in the partner's words, but one word where it uses two. An unknown one stays what it is. */
export function readStatus(status: string): string {
  return status === 'PASSED' ? 'PASS' : status;
}

/** One text per review, for maps. */
export function reviewKey({ institutionId, bizType, bizId }: ReviewName): string {
  return JSON.stringify([institutionId, bizType, bizId]);
}
