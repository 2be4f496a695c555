import { addressBlock } from '../../audit/address-block.js';
import type { Lane } from '../../users/passwords/hashing/password-check.js';

/** The first three groups of a /64: what an ordinary site is given at most (RFC 6177). */
const SITE = /^((?:[^:]+:){3})[^:]+::\/64$/;

/**
 * Where a request waits for a hash. Those whose account knows the caller, by a session or a device,
 * and strangers take turns, so that no crowd of strangers shuts the others out. Among each, sites of
 * the Internet take turns; in them blocks of addresses, and in those accounts.
 */
export function laneOf(standing: 'known' | 'stranger', address: string, account: string): Lane {
  const block = addressBlock(address);
  const [, network] = SITE.exec(block) ?? [];
  const site = network === undefined ? block : `${network}:/48`;
  return [standing, site, block, account];
}
