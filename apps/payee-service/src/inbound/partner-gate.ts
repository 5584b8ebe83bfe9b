import { Inject, Injectable } from '@nestjs/common';
import { RegistryFile } from '@kyc-relay/config';
import { parseTimestamp, type FieldError } from '@kyc-relay/contracts';
import { RateLimits } from '@kyc-relay/http';
import type { PartnerCall } from '../handlers/partner-call';
import { isAuthentic } from './authenticate';
import { readPartnerBody } from './partner-body';
import { missing, notAuthentic, refused, type RetAnswer } from './ret-code';

/** A request that may go on, or its answer. */
export type GateVerdict =
  { readonly ok: true; readonly call: PartnerCall } | { readonly ok: false; readonly answer: RetAnswer };

const ADDRESSING = ['merchantNo', 'storeNo', 'verifySign'] as const;

/** Where every partner's request comes in: addressing fields first, then authentication (payees.md, Answers). */
@Injectable()
export class PartnerGate {
  private readonly rates = new RateLimits();

  constructor(@Inject(RegistryFile) private readonly registry: RegistryFile) {}

  /** @throws TooManyRequests when the merchant sends more than its rate */
  admit(body: Buffer): GateVerdict {
    const read = readPartnerBody(body);
    if (!read.ok) return turnAway(missing([read.problem]));
    const { parameters, signed } = read;
    const merchantNo = parameters.get('merchantNo') ?? '';
    const storeNo = parameters.get('storeNo') ?? '';
    const merchant = this.registry.current().merchants.get(merchantNo);

    const needed = merchant?.timestamp_required === true ? [...ADDRESSING, 'timestamp'] : ADDRESSING;
    const absent: FieldError[] = needed
      .filter((field) => !parameters.has(field))
      .map((field) => ({ field, message: 'is missing' }));
    if (absent.length > 0) return turnAway(missing(absent));

    const nowMs = Date.now();
    const timestamp = parameters.has('timestamp') ? (parameters.get('timestamp') ?? '') : undefined;
    if (!isAuthentic({ storeNo, timestamp, signed }, merchant, nowMs)) return turnAway(notAuthentic());
    this.rates.pass(merchantNo, merchant?.requests_per_second ?? 0, nowMs);
    // Where its age does not matter it still has to be a time.
    if (timestamp !== undefined && parseTimestamp(timestamp) === null) return turnAway(wrongTimestamp());
    return { ok: true, call: { merchantNo, storeNo, parameters } };
  }
}

function wrongTimestamp(): RetAnswer {
  const problem = { field: 'timestamp', message: 'must be ISO 8601 such as 2022-11-08T07:02:42Z' };
  return refused({ ok: false, code: 'payee.value-wrong', problems: [problem] });
}

function turnAway(answer: RetAnswer): GateVerdict {
  return { ok: false, answer };
}
