import { signBody, signWebhook } from '@kyc-relay/signing';
import type { HeadTask } from '../domain/claimed-lane';

/**
 * The headers of one attempt. The body's bytes and `webhook-id` are the same on every attempt; the signatures are made
 * anew, with the secrets as they are now. Source: platform.md, "Partner registry".
 *
 * @param secrets one or two; the first signs the wallet's header, each gives a Standard Webhooks signature
 * @param nowMs Unix milliseconds of this attempt
 */
export function signCallback(
  task: HeadTask,
  bizId: string,
  secrets: readonly string[],
  nowMs: number,
): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': 'kyc-relay',
    'X-Airpay-ClientId': bizId,
    'X-Airpay-Req-H': signBody(secrets[0] ?? '', task.body),
    'webhook-id': task.eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signWebhook({ id: task.eventId, timestamp, body: task.body }, secrets),
    'X-Relay-Version': task.version,
  };
  if (task.traceparent !== null) headers['traceparent'] = task.traceparent;
  return headers;
}
