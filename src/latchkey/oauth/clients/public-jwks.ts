import { createPublicKey, type JsonWebKey } from 'node:crypto';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import { ValidateBy } from 'class-validator';
import type { JWK } from 'jose';

/** What clients may sign by (RFC 7518 section 3.1): never by something that whoever verifies could sign by, too. */
export const CLIENT_KEY_ALGORITHMS = ['ES256', 'PS256', 'RS256'] as const;

export const MAX_CLIENT_KEYS = 10;
const MIN_RSA_BITS = 2048;
const MAX_TEXT_LENGTH = 1_500;
/** RFC 7517 section 4, RFC 7518 section 6: what is public of a key, in the order in which Postgres keeps it. */
const PUBLIC_MEMBERS = ['e', 'n', 'x', 'y', 'alg', 'crv', 'kid', 'kty', 'use'] as const;

/** The public keys of a client (RFC 7517 section 5). */
export interface PublicJwks {
  readonly keys: readonly JWK[];
}

/** How such a set is described. */
export const JWKS_SCHEMA = {
  type: 'object',
  required: ['keys'],
  properties: {
    keys: { type: 'array', minItems: 1, maxItems: MAX_CLIENT_KEYS, items: { type: 'object' } },
  },
  example: {
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        x: 'iqSWfKt48W5M0rHGwmzuETGxFHuQ3c33uRq-9hv4e2o',
        y: 'k8l7lZj9xIX0-4IpJlyTIuw3rMuXzwD9MetnqoJ3ecs',
      },
    ],
  },
} satisfies ApiPropertyOptions;

/** No more of a set of keys than is public and understood. The set has been checked by `isPublicJwks`. */
export function publicPartOf({ keys }: PublicJwks): PublicJwks {
  return { keys: keys.map(publicMembersOf) };
}

/**
 * Whether it is a set of one to ten public keys, of P-256 or of RSA with 2048 bits or more, for signing, each known
 * by a `kid` of its own where there are several. One with something private in it is refused: it is no secret any more.
 */
export function isPublicJwks(value: unknown): value is PublicJwks {
  const { keys } = Object(value);
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_CLIENT_KEYS) return false;
  if (!keys.every(isPublicKey)) return false;
  if (keys.length === 1) return true;
  const kids = keys.map(({ kid }) => kid);
  return kids.every((kid) => kid !== undefined) && new Set(kids).size === kids.length;
}

function isPublicKey(value: unknown): value is JWK {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const members = Object.entries(value);
  if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'].some((name) => name in value)) return false;
  const known = members.filter(([name]) => (PUBLIC_MEMBERS as readonly string[]).includes(name));
  if (known.some(([, it]) => typeof it !== 'string' || it.length > MAX_TEXT_LENGTH)) return false;
  const { kty, crv, alg, use = 'sig' }: Record<string, unknown> = Object.fromEntries(known);
  if (use !== 'sig' || !fits(kty, alg)) return false;
  if (kty === 'EC' && crv !== 'P-256') return false;
  try {
    const key = createPublicKey({ key: value as JsonWebKey, format: 'jwk' });
    return kty === 'EC' || (key.asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS;
  } catch {
    return false;
  }
}

function fits(kty: unknown, alg: unknown): boolean {
  if (kty === 'EC') return alg === undefined || alg === 'ES256';
  return kty === 'RSA' && (alg === undefined || alg === 'RS256' || alg === 'PS256');
}

function publicMembersOf(key: JWK): JWK {
  const members = PUBLIC_MEMBERS.filter((name) => name in key);
  return Object.fromEntries(members.map((name) => [name, key[name]])) as JWK;
}

/** See `isPublicJwks`. */
export function IsPublicJwks(): PropertyDecorator {
  return ValidateBy({
    name: 'isPublicJwks',
    validator: {
      validate: isPublicJwks,
      defaultMessage: () =>
        `$property must be { keys: [...] } with 1 to ${MAX_CLIENT_KEYS} public keys for signing, of P-256 or of RSA with ${MIN_RSA_BITS} bits or more, each with a kid of its own, and nothing private`,
    },
  });
}
