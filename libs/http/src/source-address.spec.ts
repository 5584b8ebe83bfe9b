import { AddressRanges, isAllowedSource, sourceAddressOf } from './source-address';

describe('address ranges', () => {
  it.each<[ranges: string[], address: string, has: boolean]>([
    [['127.0.0.0/8'], '127.0.0.1', true],
    [['127.0.0.0/8'], '128.0.0.1', false],
    [['127.0.0.0/8'], '::ffff:127.0.0.1', true],
    [['127.0.0.0/8'], '::ffff:7f00:1', true],
    [['203.0.113.7'], '203.0.113.7', true],
    [['203.0.113.7'], '203.0.113.8', false],
    [['203.0.113.7', '2001:db8::/32'], '2001:db8:1::1', true],
    [['2001:db8::/32'], '2001:db9::1', false],
    [['::ffff:10.0.0.0/104'], '10.1.2.3', true],
    [['0.0.0.0/0'], '8.8.8.8', true],
    [[], '127.0.0.1', false],
    [['10.0.0.0/8'], 'not an address', false],
  ])('%j holds %s: %s', (ranges, address, has) => {
    expect(new AddressRanges(ranges).has(address)).toBe(has);
  });
});

describe('the source of a request', () => {
  const proxies = ['10.0.0.0/8', '::1'];
  it.each<
    [
      what: string,
      trusted: string[],
      socket: string | undefined,
      header: string | string[] | undefined,
      source: string | undefined,
    ]
  >([
    ['no header', [], '203.0.113.7', undefined, '203.0.113.7'],
    ['no proxy is trusted', [], '10.0.0.1', '198.51.100.1', '10.0.0.1'],
    ['the socket is no trusted proxy', proxies, '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['behind one proxy', proxies, '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['behind two proxies', proxies, '10.0.0.1', '198.51.100.1, 10.0.0.2', '198.51.100.1'],
    [
      'the left part is the sender’s own invention',
      proxies,
      '10.0.0.1',
      '127.0.0.1, 198.51.100.1, 10.0.0.2',
      '198.51.100.1',
    ],
    ['a header of several lines', proxies, '10.0.0.1', ['127.0.0.1', '198.51.100.1'], '198.51.100.1'],
    ['the proxy itself calls', proxies, '10.0.0.1', undefined, '10.0.0.1'],
    ['an empty header', proxies, '10.0.0.1', ' ', '10.0.0.1'],
    ['all are ours', proxies, '10.0.0.1', '10.0.0.3,10.0.0.2', '10.0.0.3'],
    ['a port behind the address', proxies, '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['a bracketed address', proxies, '::1', '[2001:db8::5]:443', '2001:db8::5'],
    ['a bare IPv6 address', proxies, '::1', '2001:db8::5', '2001:db8::5'],
    ['a mapped socket address', proxies, '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['a zone', [], 'fe80::1%eth0', undefined, 'fe80::1'],
    ['what is no address', proxies, '10.0.0.1', 'unknown', undefined],
    ['what is no address hides what is left of it', proxies, '10.0.0.1', '198.51.100.1, unknown', undefined],
    ['a gap', proxies, '10.0.0.1', '198.51.100.1,', undefined],
    ['a socket that is gone', proxies, undefined, '198.51.100.1', undefined],
  ])('%s', (_, trusted, socket, header, source) => {
    expect(sourceAddressOf(socket, header, new AddressRanges(trusted))).toBe(source);
  });
});

describe('a partner that names its addresses', () => {
  const allowed = ['203.0.113.0/24'];
  it.each<[allowed: string[], source: string | undefined, may: boolean]>([
    [[], '8.8.8.8', true],
    [[], undefined, true],
    [allowed, '203.0.113.9', true],
    [allowed, '203.0.114.9', false],
    [allowed, undefined, false],
  ])('%j and the source %s: %s', (list, source, may) => {
    expect(isAllowedSource(list, source)).toBe(may);
    expect(isAllowedSource(list, source)).toBe(may);
  });

  it('is right about each of more addresses than are remembered, whenever it is asked', () => {
    const sources = Array.from({ length: 1_500 }, (_, n) => `203.0.${112 + (n % 3)}.${n % 256}`);
    const others = Array.from({ length: 1_500 }, (_, n) => `10.0.${Math.floor(n / 256)}.${n % 256}`);
    const inRange = (source: string): boolean => source.startsWith('203.0.113.');
    for (const source of [...sources, ...others, ...sources])
      expect(isAllowedSource(allowed, source)).toBe(inRange(source));
  });
});
