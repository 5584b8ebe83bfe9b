import { BlockList, isIP } from 'node:net';

/**
 * Which addresses a callback may go to. A callback URL is configuration of a partner, and a name can be made to resolve
 * to anything, so nothing inside our own network may be reached through it unless the registry allows it.
 */

/** Not reachable from the internet, or not a single host: private, loopback, link-local, CGNAT, multicast, reserved. */
const BLOCKED_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** The prefixes that carry an IPv4 address (compatible, mapped, NAT64, Teredo, 6to4) are blocked whatever they carry. */
const BLOCKED_IPV6: readonly (readonly [string, number])[] = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];
// Two lists, since one with the prefix of mapped addresses would block every IPv4 address.
const IPV4 = new BlockList();
for (const [net, prefix] of BLOCKED_IPV4) IPV4.addSubnet(net, prefix, 'ipv4');
const IPV6 = new BlockList();
for (const [net, prefix] of BLOCKED_IPV6) IPV6.addSubnet(net, prefix, 'ipv6');

/** Whether an IP address, as text, is one that callbacks must not reach. What is not an address counts as blocked. */
export function isBlockedAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  return family === 6 ? IPV6.check(address, 'ipv6') : IPV4.check(address, 'ipv4');
}

/** Whether a URL's host is an IP address that is blocked; names are judged when they are resolved. */
export function isBlockedHost(hostname: string): boolean {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) !== 0 && isBlockedAddress(bare);
}
