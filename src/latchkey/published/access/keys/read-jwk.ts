import { createPublicKey, type KeyObject } from 'node:crypto';
import type {
  JwtAlgorithm,
  VerificationKey,
} from '../../../access/verification/verification-keys.js';

const MIN_RSA_BITS = 2048;
/** FIPS 186-5 section 5.1; with 1 everything is its own signature. */
const MIN_RSA_EXPONENT = 65_537n;

type Members = Readonly<Record<string, unknown>>;
type PublicMembers = Readonly<Record<string, string>>;

/** What a key of each algorithm is made of (RFC 7518 section 6). A shared secret is not published. */
const FORMS: Readonly<Record<Exclude<JwtAlgorithm, 'HS256'>, PublicForm>> = {
  ES256: { fixed: { kty: 'EC', crv: 'P-256' }, members: ['x', 'y'] },
  RS256: { fixed: { kty: 'RSA' }, members: ['n', 'e'] },
  PS256: { fixed: { kty: 'RSA' }, members: ['n', 'e'] },
};

interface PublicForm {
  readonly fixed: PublicMembers;
  readonly members: readonly string[];
}

/**
 * Reads one member of a JWK Set; null when it is no public key that access tokens may be verified
 * with. It must say its `kid` and its `alg` (RFC 8725 section 3.1).
 */
export function readJwk(jwk: unknown): VerificationKey | null {
  if (typeof jwk !== 'object' || jwk === null) return null;
  const { kid, alg, use, key_ops: operations } = jwk as Members;
  if (typeof kid !== 'string' || kid === '' || !isAllowed(alg)) return null;
  if (use !== undefined && use !== 'sig') return null;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) {
    return null;
  }
  const key = publicKeyOf(jwk as Members, FORMS[alg]);
  return key && { kid, algorithm: alg, key };
}

function isAllowed(alg: unknown): alg is keyof typeof FORMS {
  return typeof alg === 'string' && Object.hasOwn(FORMS, alg);
}

function publicKeyOf(jwk: Members, { fixed, members }: PublicForm): KeyObject | null {
  // A private key that has been published is no secret any more.
  if ('d' in jwk) return null;
  if (Object.entries(fixed).some(([name, value]) => jwk[name] !== value)) return null;
  const values = members.map((name) => [name, jwk[name]]);
  if (values.some(([, value]) => typeof value !== 'string')) return null;
  try {
    const publicMembers = { ...fixed, ...Object.fromEntries(values) };
    const key = createPublicKey({ key: publicMembers, format: 'jwk' });
    return isStrong(key) ? key : null;
  } catch {
    return null;
  }
}

function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType !== 'rsa') return true;
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {};
  const odd = publicExponent % 2n === 1n;
  return modulusLength >= MIN_RSA_BITS && publicExponent >= MIN_RSA_EXPONENT && odd;
}
