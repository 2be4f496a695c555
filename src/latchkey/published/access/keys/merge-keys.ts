import type { VerificationKey } from '../../../access/verification/verification-keys.js';

export type KeysByKid = ReadonlyMap<string, VerificationKey>;

/**
 * The keys that hold after a fetch. A key that has not changed stays the same object: the tokens
 * that it verified are remembered by it. One that is not published any more verifies nothing: it
 * was retired, and its tokens have expired, or it was revoked.
 *
 * @param revoked whatever is published, these verify nothing
 */
export function mergeKeys(
  fetched: readonly VerificationKey[],
  former: KeysByKid,
  revoked: ReadonlySet<string>,
): KeysByKid {
  const merged = new Map<string, VerificationKey>();
  for (const key of former.values()) merged.set(key.kid, withdrawn(key));
  for (const key of fetched) merged.set(key.kid, unchanged(former.get(key.kid), key) ?? key);
  for (const kid of revoked) {
    merged.set(kid, withdrawn(former.get(kid) ?? merged.get(kid) ?? { kid, ...NOTHING_KNOWN }));
  }
  return merged;
}

const NOTHING_KNOWN = { algorithm: null, key: null };

function withdrawn(key: VerificationKey): VerificationKey {
  return key.key === null ? key : { ...key, key: null };
}

function unchanged(
  former: VerificationKey | undefined,
  { algorithm, key }: VerificationKey,
): VerificationKey | undefined {
  if (!former?.key || !key) return undefined;
  return former.algorithm === algorithm && former.key.equals(key) ? former : undefined;
}
