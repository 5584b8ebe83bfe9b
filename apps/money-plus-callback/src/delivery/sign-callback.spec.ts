import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { HeadTask } from '../domain/claimed-lane';
import { signCallback } from './sign-callback';

const task: HeadTask = {
  taskId: 't',
  eventId: '0190d7a0-1234-7abc-8def-000000000001',
  kind: 'STATUS',
  version: '42',
  body: Buffer.from('{"name":"naïve 张"}'),
  traceparent: null,
  attempts: { counted: 0, recorded: 0, countedBefore: 0 },
  superseded: false,
};
const SECRETS = ['first-secret-of-the-business', 'second-secret-of-the-business'];

describe('signCallback', () => {
  const nowMs = Date.now();
  const headers = signCallback(task, 'MONEY_PLUS', SECRETS, nowMs);

  it('signs the exact bytes with the first secret for the wallet', () => {
    expect(headers['X-Airpay-ClientId']).toBe('MONEY_PLUS');
    expect(headers['X-Airpay-Req-H']).toBe(
      createHmac('sha256', 'first-secret-of-the-business').update(task.body).digest('base64'),
    );
  });

  it.each(SECRETS)('satisfies a Standard Webhooks library that holds %s', (secret) => {
    const webhook = new Webhook(`whsec_${Buffer.from(secret).toString('base64')}`);
    expect(webhook.verify(task.body, headers)).toEqual({ name: 'naïve 张' });
  });

  it('names the event and the version of the change', () => {
    expect(headers).toMatchObject({ 'webhook-id': task.eventId, 'X-Relay-Version': '42' });
    expect(headers['webhook-timestamp']).toBe(String(Math.floor(nowMs / 1000)));
    expect(headers).not.toHaveProperty('traceparent');
  });
});
