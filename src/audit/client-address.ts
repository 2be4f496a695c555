import { isIP } from 'node:net';

export const UNKNOWN_ADDRESS = '0.0.0.0';

/** An address as Postgres' `inet` takes it: IPv4 as such when mapped into IPv6, and no zone. */
export function clientAddress(address: string | undefined): string {
  const plain = (address ?? '').replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/i, '');
  return isIP(plain) === 0 ? UNKNOWN_ADDRESS : plain;
}
