import { isBlockedAddress, isBlockedHost } from './address-guard';

describe('isBlockedAddress', () => {
  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'not an address',
    '',
  ])('blocks %s', (address) => {
    expect(isBlockedAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '100.63.255.255', '172.32.0.1', '2606:4700::1111', '2a00:1450::1'])(
    'lets %s pass',
    (address) => {
      expect(isBlockedAddress(address)).toBe(false);
    },
  );
});

describe('isBlockedHost', () => {
  it.each([
    ['http://127.0.0.1:8080', true],
    ['http://2130706433', true],
    ['http://0x7f.1', true],
    ['http://[::1]:8080', true],
    ['http://[::ffff:127.0.0.1]', true],
    ['http://8.8.8.8', false],
    ['http://[2606:4700::1111]', false],
    ['http://localhost', false],
  ])('of %s says %p; names are judged when they are resolved', (url, blocked) => {
    expect(isBlockedHost(new URL(url).hostname)).toBe(blocked);
  });
});
