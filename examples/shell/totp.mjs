// Prints the code that an authenticator app shows now for a secret (RFC 6238: SHA-1, 30 seconds, six digits).
import { createHmac } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const bits = [...process.argv[2]]
  .map((letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0'))
  .join('');
const secret = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
const step = Buffer.alloc(8);
step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
const mac = createHmac('sha1', secret).update(step).digest();
const number = mac.readUInt32BE(mac[19] & 0xf) & 0x7fffffff;
process.stdout.write(`${String(number % 1e6).padStart(6, '0')}\n`);
