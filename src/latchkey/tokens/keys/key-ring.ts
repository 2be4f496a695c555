import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { type JWK } from 'jose';
import {
  type JwtAlgorithm,
  type VerificationKey,
} from '../../access/verification/verification-keys.js';
import { type SigningKeyCipher } from './store/signing-key-cipher.js';
import { importPrivateKey } from './store/signing-key-material.js';
import { type StoredKey } from './store/signing-key-store.js';

/** A key in memory that access tokens are signed with, have been, or will be. */
export interface SigningKey extends VerificationKey {
  readonly algorithm: JwtAlgorithm;
  /** What the JWKS shows of it; null for HS256, and once it has been revoked. */
  readonly publicJwk: JWK | null;
}

/** Every key that verifies or has lately been revoked, and the one that signs. */
export interface SigningKeyRing {
  readonly current: SigningKey & { readonly privateKey: KeyObject };
  readonly keys: readonly SigningKey[];
}

/**
 * The keys as they are used, out of how they are kept.
 *
 * @param former what is unchanged is taken from it: a key stays the same object, and tokens that
 *   it verified are remembered
 * @throws StartupError when the key that signs cannot be decrypted
 */
export function keyRing(
  rows: readonly StoredKey[],
  cipher: SigningKeyCipher,
  former?: SigningKeyRing,
): SigningKeyRing {
  const keys = rows.map((row) => unchanged(row, former) ?? signingKey(row, cipher));
  const row = rows.find(({ status }) => status === 'current');
  const current = keys.find(({ kid }) => kid === row?.kid);
  if (row === undefined || current === undefined) throw new Error('No signing key is current.');
  const privateKey =
    former?.current.kid === row.kid ? former.current.privateKey : decrypt(row, cipher);
  return { current: { ...current, privateKey }, keys };
}

function unchanged(row: StoredKey, former?: SigningKeyRing): SigningKey | undefined {
  const key = former?.keys.find(({ kid }) => kid === row.kid);
  return (key?.key === null) === (row.status === 'revoked') ? key : undefined;
}

function signingKey(row: StoredKey, cipher: SigningKeyCipher): SigningKey {
  const { kid, algorithm, publicJwk, status } = row;
  if (status === 'revoked') return { kid, algorithm, key: null, publicJwk: null };
  const key =
    publicJwk === null
      ? decrypt(row, cipher)
      : createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' });
  return { kid, algorithm, key, publicJwk };
}

function decrypt({ kid, algorithm, encryptedPrivateKey }: StoredKey, cipher: SigningKeyCipher) {
  if (encryptedPrivateKey === null) throw new Error(`The signing key ${kid} has been erased.`);
  return importPrivateKey(algorithm, cipher.decrypt(kid, encryptedPrivateKey).bytes);
}
