import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Fixed, so that scanners for leaked secrets recognise one. */
const PREFIX = 'lks_';
const SECRET_BYTES = 32;

/**
 * A new client secret: 256 random bits. It can be neither guessed nor remembered, so a fast hash keeps it,
 * and a flood of wrong ones costs next to nothing (RFC 6749 section 10.10).
 */
export function generateClientSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

/** What is stored of a client secret. */
export function hashClientSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether a secret is the one that a hash was made of. Compares in constant time. */
export function isClientSecret(secret: string, hash: Buffer | null): boolean {
  return hash !== null && timingSafeEqual(hashClientSecret(secret), hash);
}
