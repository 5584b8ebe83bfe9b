import { Webhook } from 'standardwebhooks';
import { signWebhook, verifyWebhook } from './webhook-signature';

const NOW = 1666755263;
const content = { id: 'evt_01', timestamp: String(NOW), body: '{"name":"张三 é 😀"}' };
const SECRETS = ['pz148x0gXyPCLHxnlhEydNLg55jni91i', '密钥 with spaces'];

/** A receiver that holds one of our secrets in the form that Standard Webhooks libraries want. */
function libraryWith(secret: string): Webhook {
  return new Webhook(`whsec_${Buffer.from(secret).toString('base64')}`);
}
function headersWith(signatures: string): Record<string, string> {
  return {
    'webhook-id': content.id,
    'webhook-timestamp': content.timestamp,
    'webhook-signature': signatures,
  };
}

describe('the Standard Webhooks signature', () => {
  beforeAll(() => {
    jest.useFakeTimers({ now: NOW * 1000 });
  });
  afterAll(() => {
    jest.useRealTimers();
  });

  it.each(SECRETS)('is the one that the npm library makes', (secret) => {
    const theirs = libraryWith(secret).sign(content.id, new Date(NOW * 1000), content.body);
    expect(signWebhook(content, [secret])).toBe(theirs);
    expect(verifyWebhook(content, [secret], theirs)).toBe(true);
  });

  it.each(SECRETS)('is verified by the npm library with either of two secrets', (secret) => {
    const headers = headersWith(signWebhook(content, SECRETS));
    expect(() => libraryWith(secret).verify(content.body, headers)).not.toThrow();
    expect(() => libraryWith('another').verify(content.body, headers)).toThrow('No matching signature');
  });

  it('is one per secret, in their order', () => {
    const [first, second] = SECRETS.map((secret) => signWebhook(content, [secret]));
    expect(signWebhook(content, SECRETS)).toBe(`${first ?? ''} ${second ?? ''}`);
  });

  it('covers bytes as they are', () => {
    const body = Buffer.from(content.body);
    expect(signWebhook({ ...content, body }, SECRETS)).toBe(signWebhook(content, SECRETS));
  });
});

describe('verifyWebhook', () => {
  const [old = '', fresh = ''] = SECRETS;
  const byOld = signWebhook(content, [old]);
  const byFresh = signWebhook(content, [fresh]);
  const byStranger = signWebhook(content, ['stranger']);

  it.each<[string, string[], string | undefined, boolean]>([
    ['one signature, its secret', [old], byOld, true],
    ['sender rotated first', [old], `${byFresh} ${byOld}`, true],
    ['receiver rotated first', [fresh, old], byOld, true],
    ['both rotated', [fresh, old], `${byFresh} ${byOld}`, true],
    ['rotation ended', [fresh], byOld, false],
    ['several spaces', [old], `  ${byStranger}   ${byOld} `, true],
    ['header sent twice', [old], `${byStranger}, ${byOld}`, true],
    ['header sent twice, the good one first', [old], `${byOld}, ${byStranger}`, true],
    ['only strangers', [old, fresh], `${byStranger} ${byStranger}`, false],
    ['an asymmetric signature beside it', [old], `v1a,AAAA ${byOld}`, true],
    ['another version of the same bytes', [old], byOld.replace('v1,', 'v2,'), false],
    ['no version', [old], byOld.slice(3), false],
    ['no padding', [old], byOld.slice(0, -1), false],
    ['no base64 at all', [old], 'v1,***', false],
    ['empty', [old], '', false],
    ['absent', [old], undefined, false],
    ['no secret', [], byOld, false],
  ])('%s', (_name, secrets, signatures, fits) => {
    expect(verifyWebhook(content, secrets, signatures)).toBe(fits);
  });

  it.each([
    ['id', { ...content, id: 'evt_02' }],
    ['timestamp', { ...content, timestamp: '1666755264' }],
    ['spelling of the timestamp', { ...content, timestamp: '01666755263' }],
    ['body', { ...content, body: `${content.body} ` }],
  ])('covers the %s', (_name, other) => {
    expect(verifyWebhook(other, [old], byOld)).toBe(false);
  });
});
