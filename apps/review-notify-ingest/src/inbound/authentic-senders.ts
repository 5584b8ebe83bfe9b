import { Inject, Injectable } from '@nestjs/common';
import { RegistryFile, type Institution } from '@kyc-relay/config';
import { isAllowedSource } from '@kyc-relay/http';
import { verifyReview, type ReviewFields } from '@kyc-relay/signing';
import type { Message } from './read-notification';

/** Stands in for the salts of an institution that does not exist, so that a forgery costs the same time either way. */
const NO_SALTS = ['an institution that is not registered'];

/** Knows the institutions by signature and address (review-notify.md, Signature). */
@Injectable()
export class AuthenticSenders {
  constructor(@Inject(RegistryFile) private readonly registry: RegistryFile) {}

  /**
   * The institution a message is about, if its sender holds one of its salts and sends from one of its addresses. Undefined
   * alike for an unknown institution, a missing or bad `sign` or `signType`, and an address that is not listed.
   *
   * @param source where the message came from; undefined where that cannot be known
   */
  recognise(message: Message, source: string | undefined): Institution | undefined {
    const institution = this.claimed(message);
    const isSigned = verifyReview(signedFields(message), institution?.salts ?? NO_SALTS);
    return institution && isSigned && isAllowedSource(institution.source_addresses, source)
      ? institution
      : undefined;
  }

  /** The institution that a message names, whoever sends it; for metrics. */
  claimed({ institutionId }: Message): Institution | undefined {
    return typeof institutionId === 'string'
      ? this.registry.current().institutions.get(institutionId.trim())
      : undefined;
  }
}

/**
 * The fields that a signature covers, as texts. A number or a truth value counts as its text, so that a sender who signs
 * well but types badly is told which field is wrong.
 */
function signedFields({ bizId, bizType, institutionId, sign, signType, subClientId }: Message): ReviewFields {
  return {
    bizId: textOf(bizId),
    bizType: textOf(bizType),
    institutionId: textOf(institutionId),
    subClientId: textOf(subClientId),
    sign: typeof sign === 'string' ? sign : undefined,
    signType: typeof signType === 'string' ? signType : undefined,
  };
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
