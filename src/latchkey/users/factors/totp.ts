import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** What authenticator apps take without being told (RFC 6238 section 1.2, RFC 4226 section 4). */
const STEP_SECONDS = 30;
const DIGITS = 6;
const SEED_BYTES = 20;
/** Steps before and after the current one whose codes are good, too (RFC 6238 section 5.2). */
const WINDOW = 1;
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export function generateSeed(): Buffer {
  return randomBytes(SEED_BYTES);
}

/** The step of a moment in milliseconds since the epoch (RFC 6238 section 4.2). */
export function stepAt(milliseconds: number): number {
  return Math.floor(milliseconds / 1000 / STEP_SECONDS);
}

/** The code of a step (RFC 4226 section 5.3). */
export function totpCode(seed: Buffer, step: number, digits = DIGITS): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', seed).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits;
  return String(number).padStart(digits, '0');
}

/**
 * The step whose code this is, among those that are good at the moment and come after the one whose code
 * was accepted last; null when it is the code of none.
 */
export function matchingStep(
  seed: Buffer,
  code: string,
  milliseconds: number,
  lastStep: number | null,
): number | null {
  const digits = Buffer.from(code.replace(/\s/g, ''));
  if (digits.length !== DIGITS) return null;
  const current = stepAt(milliseconds);
  const steps = Array.from({ length: 2 * WINDOW + 1 }, (_, index) => current - WINDOW + index);
  const matching = steps.filter((step) =>
    timingSafeEqual(Buffer.from(totpCode(seed, step)), digits),
  );
  return matching.find((step) => lastStep === null || step > lastStep) ?? null;
}

/** For an app that is typed into (RFC 4648 section 6, without padding). */
export function base32(bytes: Buffer): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

/** For a QR code (Google Authenticator's key URI format): it holds the seed. */
export function totpUri(issuer: string, account: string, seed: Buffer): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const parameters = new URLSearchParams({
    secret: base32(seed),
    issuer,
    algorithm: 'SHA1',
    digits: String(DIGITS),
    period: String(STEP_SECONDS),
  });
  // Apps read a plus sign as one.
  return `otpauth://totp/${label}?${parameters.toString().replaceAll('+', '%20')}`;
}
