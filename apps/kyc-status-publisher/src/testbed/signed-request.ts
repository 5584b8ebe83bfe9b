import { createHmac, randomUUID } from 'node:crypto';

/** A business of the test bed's registry. */
export interface TestBusiness {
  bizId: string;
  secret: string;
}

/** How a signature differs from a good one. */
export interface Signing {
  /** `webhook-id`; a new one unless said. */
  id?: string;
  /** Unix seconds; now unless said. */
  timestamp?: number | string;
  secret?: string;
  /** What is signed; the body unless said. */
  signed?: string | Buffer;
}

/** Signs as a business does, without our library: the wallet's header and the Standard Webhooks trio. */
export function signedHeaders(
  business: TestBusiness,
  body: string | Buffer,
  signing: Signing = {},
): Record<string, string> {
  const { id = randomUUID(), secret = business.secret, signed = body } = signing;
  const timestamp = String(signing.timestamp ?? Math.floor(Date.now() / 1000));
  const mac = (...parts: (string | Buffer)[]): string => {
    const hmac = createHmac('sha256', secret);
    for (const part of parts) hmac.update(part);
    return hmac.digest('base64');
  };
  return {
    'X-Airpay-ClientId': business.bizId,
    'X-Airpay-Req-H': mac(signed),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${mac(`${id}.${timestamp}.`, signed)}`,
  };
}
