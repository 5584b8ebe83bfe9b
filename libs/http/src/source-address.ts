import { BlockList, isIP } from 'node:net';

/** Most answers that are kept: partners send from few addresses, a forger perhaps from many. */
const MOST_ANSWERS = 1_000;

/** IP addresses and ranges such as `10.0.0.0/8`; an IPv4 address is the same in its IPv6 notation. */
export class AddressRanges {
  private readonly list = new BlockList();
  /** Answers that were given: to look one up makes an object of the address each time. */
  private readonly answers = new Map<string, boolean>();

  /** @param ranges addresses and ranges, checked already (`IsAddressRange` of the registry, `TRUSTED_PROXIES`) */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const [address = '', length] = range.split('/');
      if (length === undefined) this.list.addAddress(address, familyOf(address));
      else this.list.addSubnet(address, Number(length), familyOf(address));
    }
  }

  /** Whether the address is in one of the ranges. */
  has(address: string): boolean {
    const known = this.answers.get(address);
    if (known !== undefined) return known;
    const isIn = isIP(address) !== 0 && this.list.check(address, familyOf(address));
    if (this.answers.size >= MOST_ANSWERS) this.answers.clear();
    this.answers.set(address, isIn);
    return isIn;
  }
}

/**
 * Where a request comes from: the socket's address, or where that is one of our proxies, the right-most address of
 * `X-Forwarded-For` that is not. What stands further left was written by whoever called the first proxy.
 *
 * @param socketAddress the other end of the connection
 * @param forwardedFor the header as it came
 * @param trusted our proxies; none: the header counts for nothing
 * @returns undefined when a trusted proxy's header holds no address there: the source is not known then
 */
export function sourceAddressOf(
  socketAddress: string | undefined,
  forwardedFor: string | string[] | undefined,
  trusted: AddressRanges,
): string | undefined {
  const header = Array.isArray(forwardedFor) ? forwardedFor.join(',') : (forwardedFor ?? '');
  const hops = header.trim() === '' ? [] : header.split(',').reverse();
  let source = readAddress(socketAddress ?? '');
  for (const hop of hops) {
    if (source === undefined || !trusted.has(source)) return source;
    source = readAddress(hop.trim());
  }
  return source;
}

const compiled = new WeakMap<readonly string[], AddressRanges>();

/**
 * Whether a partner may send from there (`source_addresses` of the registry).
 *
 * @param allowed the partner's addresses and ranges; empty for any. Compiled once for each list that the registry holds
 * @param source from {@link sourceAddressOf}
 */
export function isAllowedSource(allowed: readonly string[], source: string | undefined): boolean {
  if (allowed.length === 0) return true;
  let ranges = compiled.get(allowed);
  if (!ranges) compiled.set(allowed, (ranges = new AddressRanges(allowed)));
  return source !== undefined && ranges.has(source);
}

/** An address without the port, brackets and zone that proxies and systems add. */
function readAddress(text: string): string | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.split('%', 1)[0] ?? '';
  return isIP(address) === 0 ? undefined : address;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
