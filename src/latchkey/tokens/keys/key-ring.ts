import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { type JWK } from 'jose';
import {
  type JwtAlgorithm,
  type VerificationKey,
} from '../../access/verification/verification-keys.js';
import { type SigningKeyPurpose } from './store/signing-key.entity.js';
import { type SigningKeyCipher } from './store/signing-key-cipher.js';
import { importPrivateKey } from './store/signing-key-material.js';
import { type StoredKey } from './store/signing-key-store.js';

/** A key in memory that tokens are signed with, have been, or will be. */
export interface SigningKey extends VerificationKey {
  readonly algorithm: JwtAlgorithm;
  readonly purpose: SigningKeyPurpose;
  /** What the JWKS shows of it; null for HS256, and once it has been revoked. */
  readonly publicJwk: JWK | null;
}

/** A key that signs now. */
export type CurrentKey = SigningKey & { readonly privateKey: KeyObject };

/** Every key that verifies or has lately been revoked, and those that sign. */
export interface SigningKeyRing {
  /** Signs access tokens. */
  readonly current: CurrentKey;
  /** Signs ID tokens alone; null where there are none of that purpose. */
  readonly ofIdTokens: CurrentKey | null;
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
  const currentOf = (wanted: SigningKeyPurpose): CurrentKey | null => {
    const row = rows.find(({ purpose, status }) => purpose === wanted && status === 'current');
    const key = keys.find(({ kid }) => kid === row?.kid);
    if (row === undefined || key === undefined) return null;
    const known = [former?.current, former?.ofIdTokens].find((one) => one?.kid === row.kid);
    return { ...key, privateKey: known?.privateKey ?? decrypt(row, cipher) };
  };
  const current = currentOf('access');
  if (current === null) throw new Error('No signing key is current.');
  return { current, ofIdTokens: currentOf('id_token'), keys };
}

function unchanged(row: StoredKey, former?: SigningKeyRing): SigningKey | undefined {
  const key = former?.keys.find(({ kid }) => kid === row.kid);
  return (key?.key === null) === (row.status === 'revoked') ? key : undefined;
}

function signingKey(row: StoredKey, cipher: SigningKeyCipher): SigningKey {
  const { kid, algorithm, purpose, publicJwk, status } = row;
  if (status === 'revoked') return { kid, algorithm, purpose, key: null, publicJwk: null };
  const key =
    publicJwk === null
      ? decrypt(row, cipher)
      : createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' });
  return { kid, algorithm, purpose, key, publicJwk };
}

function decrypt({ kid, algorithm, encryptedPrivateKey }: StoredKey, cipher: SigningKeyCipher) {
  if (encryptedPrivateKey === null) throw new Error(`The signing key ${kid} has been erased.`);
  return importPrivateKey(algorithm, cipher.decrypt(kid, encryptedPrivateKey).bytes);
}
