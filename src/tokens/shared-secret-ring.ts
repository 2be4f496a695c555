import { createHash, createSecretKey } from 'node:crypto';
import type { AppSecrets } from '../config/app-secrets.js';
import type { SigningKeyRing } from './signing-key.js';

/** The keys of HS256: derived from the server's secrets, for a service that verifies its own tokens. */
export function sharedSecretRing(secrets: AppSecrets): SigningKeyRing {
  const [newest, ...former] = secrets.keysFor('access-token-hs256');
  const current = toKey(newest);
  return { current, keys: [current, ...former.map(toKey)] };
}

function toKey(secret: Buffer) {
  const key = createSecretKey(secret);
  return { kid: kidOf(secret), algorithm: 'HS256', key, privateKey: key } as const;
}

// One-way, and of a secret with 256 bits of entropy: the name gives nothing away.
function kidOf(secret: Buffer): string {
  return createHash('sha256').update('latchkey/kid\0').update(secret).digest('base64url');
}
