import { BlockedAddress, classifyFailure } from './classify-failure';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

describe('classifyFailure', () => {
  it.each([
    ['ECONNREFUSED', 'CONNECT'],
    ['EHOSTUNREACH', 'CONNECT'],
    ['ENOTFOUND', 'CONNECT'],
    ['EAI_AGAIN', 'CONNECT'],
    ['UND_ERR_CONNECT_TIMEOUT', 'TIMEOUT'],
    ['ETIMEDOUT', 'TIMEOUT'],
    ['ECONNRESET', 'RESET'],
    ['EPIPE', 'RESET'],
    ['UND_ERR_SOCKET', 'RESET'],
    ['HPE_INVALID_CONSTANT', 'RESET'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'RESET'],
    ['UND_ERR_HEADERS_OVERFLOW', 'TOO_LARGE'],
    ['CERT_HAS_EXPIRED', 'TLS'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS'],
    ['EPROTO', 'TLS'],
  ])('names %s %s', (code, expected) => {
    expect(classifyFailure(coded(code))).toBe(expected);
  });

  it('names a failure of several addresses by its first', () => {
    expect(classifyFailure(new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]))).toBe(
      'CONNECT',
    );
  });

  it('names our own refusal', () => {
    expect(classifyFailure(new BlockedAddress())).toBe('BLOCKED_ADDRESS');
  });

  it('takes what it does not know for a broken exchange', () => {
    expect(classifyFailure(new Error('x'))).toBe('RESET');
    expect(classifyFailure(undefined)).toBe('RESET');
  });
});
