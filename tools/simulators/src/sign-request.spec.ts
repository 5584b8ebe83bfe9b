import { signRequest, webhookOf } from './sign-request';

// Printed in the wallet's public documentation.
const PUBLISHED = {
  secret: 'pz148x0gXyPCLHxnlhEydNLg55jni91i',
  body: '{"request_id": "","store_ext_id": "externalstore","merchant_ext_id": "externalmerchant","amount": 1000,"terminal_id": "terminal","convenience_fee_percentage": 0,"convenience_fee_fixed": 0,"convenience_fee_indicator": "","additional_info": "","currency": "IDR","qr_validity_period": 1000,"payment_reference_id": "testreference"}',
  signature: 'X1UyvyMBhnR4h3D0N0NSLf8a9XgiQ/qwax6Gd6c5HUw=',
};

test("signs the wallet's published example as published", () => {
  const headers = signRequest({ biz_id: 'MONEY_PLUS', secret: PUBLISHED.secret, content: PUBLISHED.body });
  expect(headers['x-airpay-req-h']).toBe(PUBLISHED.signature);
  expect(headers['x-airpay-clientid']).toBe('MONEY_PLUS');
});

test('adds a trio that the Standard Webhooks library verifies', () => {
  const headers = signRequest({ biz_id: 'MONEY_PLUS', secret: 'secret', content: '{"name":"张三"}' });
  expect(webhookOf('secret').verify('{"name":"张三"}', headers)).toEqual({ name: '张三' });
});
