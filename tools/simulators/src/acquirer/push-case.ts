import { callHttp, type HttpAnswer } from '../http-call';
import { signAcquirer } from './risk-sign';
import type { AcquirerAccount } from './acquirer';

/** A push to be sent. */
export interface PushOrder {
  /** Where the relay takes pushes. */
  url: string;
  /** What is said; `flowNo` and `flowStatus` at least, to be taken. */
  fields: Record<string, unknown>;
  /** Whether `accessid` and `sign` are added. */
  signed?: boolean;
}

/** Pushes a case to the relay, as the acquirer does. */
export async function pushCase(order: PushOrder, account: AcquirerAccount): Promise<HttpAnswer> {
  const body: Record<string, unknown> = { ...order.fields };
  if (order.signed === true) {
    body['accessid'] = account.accessid;
    body['sign'] = signAcquirer(body, account.access_keys[0] ?? '');
  }
  return await callHttp({
    method: 'POST',
    url: order.url,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
}
