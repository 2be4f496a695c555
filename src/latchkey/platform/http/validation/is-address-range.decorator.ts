import { isIP } from 'node:net';
import { ValidateBy } from 'class-validator';

const PREFIX = /^\d{1,3}$/;

/** An IPv4 or IPv6 address, or a range of them in CIDR notation (RFC 4632, RFC 4291). */
export function IsAddressRange(): PropertyDecorator {
  return ValidateBy({
    name: 'isAddressRange',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isAddressRange(value),
      defaultMessage: () =>
        '$property must be an IP address or a range such as 203.0.113.0/24 or 2001:db8::/32',
    },
  });
}

export function isAddressRange(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return PREFIX.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128);
}
