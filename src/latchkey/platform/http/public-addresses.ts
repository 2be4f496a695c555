import { BlockList, isIP, type LookupFunction } from 'node:net';
import { addressesOfName } from './addresses-of-name.js';

/** What is no public address of IPv4: IANA's registry of special purposes (RFC 6890), and multicast. */
const SPECIAL_V4 = listOf('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]);
/** Global unicast (RFC 4291 section 2.5.4): neither local addresses nor those of IPv4 in another spelling. */
const GLOBAL_V6 = listOf('ipv6', ['2000::/3']);
/** Of these: protocol assignments with Teredo, documentation, 6to4. */
const SPECIAL_V6 = listOf('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

/** Whether it is an address of the public internet, and not one of this machine or of a network beside it. */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 4) return !SPECIAL_V4.check(address);
  if (isIP(address) !== 6 || address.includes('%')) return false;
  return GLOBAL_V6.check(address, 'ipv6') && !SPECIAL_V6.check(address, 'ipv6');
}

/** Whoever connects gives up before. */
const LOOK_UP_MILLISECONDS = 5_000;

/**
 * The `lookup` of a connection that goes to public addresses alone, as DNS has them. What has been looked at is what
 * is connected to: the name is not resolved a second time. A host that is written as an address is not looked up at
 * all, so look at that with `isPublicAddress`.
 */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  const fail = (error: Error) => callback(error, '', 0);
  addressesOfName(hostname, AbortSignal.timeout(LOOK_UP_MILLISECONDS)).then((addresses) => {
    const [first] = addresses;
    if (first === undefined || !addresses.every(isPublicAddress))
      return fail(new Error(`${hostname} has an address that is not public.`));
    if (!options.all) return callback(null, first, isIP(first));
    return callback(
      null,
      addresses.map((address) => ({ address, family: isIP(address) })),
    );
  }, fail);
};

function listOf(family: 'ipv4' | 'ipv6', subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
