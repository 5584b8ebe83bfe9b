import { signRequest } from '../sign-request';
import { SignatureChecker } from './signature-check';
import type { SignatureVerdict } from './signature-check';

const SECRET = 'pz148x0gXyPCLHxnlhEydNLg55jni91i';
const BODY = '{"event_id":"e1","biz_id":"MONEY_PLUS","name":"张三"}';

interface Case {
  name: string;
  verdict: SignatureVerdict;
  secrets?: string[];
  headers?: Record<string, string | undefined>;
  signed?: Partial<Parameters<typeof signRequest>[0]>;
  body?: string;
  event_id?: string;
}

const minutesFromNow = (minutes: number): Date => new Date(Date.now() + minutes * 60_000);

const CASES: Case[] = [
  { name: 'all right', verdict: 'valid' },
  { name: 'one of several secrets', verdict: 'valid', secrets: ['newer', SECRET] },
  { name: 'the trio signed by two secrets', verdict: 'valid', headers: { 'webhook-signature': 'both' } },
  { name: 'another secret', verdict: 'airpay.mismatch', secrets: ['other'] },
  { name: 'a changed body', verdict: 'airpay.mismatch', body: BODY.replace('张三', '李四') },
  { name: 'no client id', verdict: 'client-id.missing', headers: { 'x-airpay-clientid': undefined } },
  {
    name: "another business's client id",
    verdict: 'client-id.differs',
    headers: { 'x-airpay-clientid': 'OTHER' },
  },
  { name: 'no wallet signature', verdict: 'airpay.missing', headers: { 'x-airpay-req-h': undefined } },
  { name: 'a forged wallet signature', verdict: 'airpay.mismatch', headers: { 'x-airpay-req-h': 'AAAA' } },
  { name: 'no webhook-id', verdict: 'webhook.missing', headers: { 'webhook-id': undefined } },
  { name: 'no webhook-timestamp', verdict: 'webhook.missing', headers: { 'webhook-timestamp': undefined } },
  { name: 'no webhook-signature', verdict: 'webhook.missing', headers: { 'webhook-signature': undefined } },
  { name: 'a forged trio', verdict: 'webhook.mismatch', headers: { 'webhook-signature': 'v1,AAAA' } },
  {
    name: 'another version of signature',
    verdict: 'webhook.mismatch',
    headers: { 'webhook-signature': 'v2' },
  },
  { name: 'a webhook-id that was not signed', verdict: 'webhook.mismatch', headers: { 'webhook-id': 'e2' } },
  { name: 'a time long past', verdict: 'webhook.timestamp', signed: { time: minutesFromNow(-10) } },
  { name: 'a time to come', verdict: 'webhook.timestamp', signed: { time: minutesFromNow(10) } },
  { name: 'a time that is no number', verdict: 'webhook.timestamp', headers: { 'webhook-timestamp': 'now' } },
  { name: 'a webhook-id other than the event', verdict: 'webhook-id.differs', event_id: 'e9' },
];

describe.each([
  ['the standardwebhooks library', false],
  ['node:crypto, in quick mode', true],
])('checked by %s', (_name, quick) => {
  test.each(CASES)('$name: $verdict', ({ verdict, secrets, headers, signed, body, event_id }) => {
    const request = { biz_id: 'MONEY_PLUS', secret: SECRET, content: BODY, webhook_id: 'e1', ...signed };
    const right = signRequest(request);
    const given: Record<string, string | undefined> = { ...right, ...headers };
    if (headers?.['webhook-signature'] === 'both') {
      const other = signRequest({ ...request, secret: 'newer' })['webhook-signature'];
      given['webhook-signature'] = `${other} ${right['webhook-signature']}`;
    }
    if (headers?.['webhook-signature'] === 'v2') {
      given['webhook-signature'] = right['webhook-signature']!.replace('v1,', 'v2,');
    }
    const checker = new SignatureChecker(secrets ?? [SECRET], quick);
    expect(
      checker.check({
        headers: given,
        body: Buffer.from(body ?? BODY),
        biz_id: 'MONEY_PLUS',
        event_id: event_id ?? 'e1',
      }),
    ).toBe(verdict);
  });
});
