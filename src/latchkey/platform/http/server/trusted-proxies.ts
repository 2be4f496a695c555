import { BlockList, isIP } from 'node:net';

/** Whether an address is that of a proxy whose forwarding headers are believed. */
export type TrustedProxies = (address: string | undefined) => boolean;

/** @param ranges addresses and CIDR ranges, as `TRUSTED_PROXIES` lists them */
export function trustedProxies(ranges: readonly string[]): TrustedProxies {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    const family = familyOf(address);
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    if (ranges.length === 0 || address === undefined || isIP(address) === 0) return false;
    return list.check(address, familyOf(address));
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
