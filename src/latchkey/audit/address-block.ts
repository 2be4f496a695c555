import { isIPv4 } from 'node:net';
import { clientAddress } from '../platform/http/client-address.js';

const GROUPS = 8;
const SITE_GROUPS = 4;
const MAPPED_IPV4 = /^0:0:0:0:0:ffff:([0-9a-f]+):([0-9a-f]+)$/;

/**
 * The addresses that count as one client: an IPv4 address by itself, also when it is mapped into
 * IPv6 (RFC 4291 section 2.5.5.2), and the /64 of an IPv6 address, which is the least that one
 * subscriber gets and can change addresses in at will (RFC 6177).
 *
 * @param address as the server resolved it; what is none counts as `0.0.0.0`
 */
export function addressBlock(address: string): string {
  const plain = clientAddress(address);
  if (isIPv4(plain)) return plain;
  const groups = groupsOf(plain);
  const [, high, low] = MAPPED_IPV4.exec(groups.join(':')) ?? [];
  if (high !== undefined && low !== undefined) return dotted(high, low);
  return `${groups.slice(0, SITE_GROUPS).join(':')}::/64`;
}

/** All eight groups, each without leading zeros (RFC 5952). */
function groupsOf(ipv6: string): string[] {
  const canonical = new URL(`http://[${ipv6}]`).hostname.slice(1, -1);
  const [before = [], after = []] = canonical
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  const omitted = GROUPS - before.length - after.length;
  return [...before, ...Array<string>(omitted).fill('0'), ...after];
}

function dotted(...groups: string[]): string {
  return groups
    .map((group) => Number.parseInt(group, 16))
    .flatMap((number) => [number >> 8, number & 0xff])
    .join('.');
}
