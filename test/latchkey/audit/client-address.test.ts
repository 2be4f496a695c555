import { expect, it } from 'vitest';
import { clientAddress } from '../../../src/latchkey/platform/http/client-address.js';

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['203.0.113.7:4711', '203.0.113.7'],
  ['[2001:db8::1]:4711', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[::ffff:203.0.113.7]:4711', '203.0.113.7'],
  ['[fe80::1%eth0]:4711', 'fe80::1'],
  ['203.0.113.7:port', '0.0.0.0'],
  ['[203.0.113.7', '0.0.0.0'],
  ['unknown', '0.0.0.0'],
  ["1.2.3.4'; --", '0.0.0.0'],
  ['', '0.0.0.0'],
  [undefined, '0.0.0.0'],
])('the address %s is recorded as %s', (address, recorded) => {
  expect(clientAddress(address)).toBe(recorded);
});
