import { createHmac, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** A business's request to be signed (platform.md, Partner registry). */
export interface RequestToSign {
  biz_id: string;
  secret: string;
  /** Exact body; for a GET the path with query. */
  content: string;
  /** `webhook-id`; a random one where left out. */
  webhook_id?: string;
  /** Now where left out. */
  time?: Date;
}

/** The headers with which a business signs a request to us: wallet HMAC and Standard Webhooks trio. */
export function signRequest(request: RequestToSign): Record<string, string> {
  const id = request.webhook_id ?? randomUUID();
  const time = request.time ?? new Date();
  return {
    'x-airpay-clientid': request.biz_id,
    'x-airpay-req-h': createHmac('sha256', request.secret).update(request.content, 'utf8').digest('base64'),
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(time.getTime() / 1000)),
    'webhook-signature': webhookOf(request.secret).sign(id, time, request.content),
  };
}

/** The Standard Webhooks library, keyed as the partner registry says: the secret's UTF-8 bytes. */
export function webhookOf(secret: string): Webhook {
  return new Webhook(`whsec_${Buffer.from(secret, 'utf8').toString('base64')}`);
}
