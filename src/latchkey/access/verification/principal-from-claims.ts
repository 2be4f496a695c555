import { accessErrors } from '../access.errors.js';
import { ASSURANCE_LEVELS, type AssuranceLevel, DEMANDABLE_LEVELS } from '../assurance.js';
import type { Principal, WithheldAuthority } from '../principal.js';

const NONE: readonly string[] = Object.freeze([]);
const NOTHING: WithheldAuthority = Object.freeze({});

/**
 * Reads a principal out of claims whose signature has been verified (RFC 9068 section 2.2).
 *
 * @throws LatchkeyError `access.token_invalid` when a claim is missing or of the wrong type
 */
export function principalFromClaims(
  claims: Readonly<Record<string, unknown>>,
  keyId: string,
): Principal {
  return Object.freeze({
    userId: text(claims.sub),
    sessionId: text(claims.sid),
    tokenId: text(claims.jti),
    clientId: text(claims.client_id),
    keyId,
    roles: texts(claims.roles),
    permissions: texts(claims.permissions),
    withheld: claims.withheld === undefined ? NONE : texts(claims.withheld),
    stepUp: claims.step_up === undefined ? NOTHING : withheldAuthority(claims.step_up),
    authTime: number(claims.auth_time),
    authenticationMethods: texts(claims.amr),
    acr: assuranceLevel(claims.acr),
    issuedAt: number(claims.iat),
    expiresAt: number(claims.exp),
    userVersion: number(claims.uv),
    // Only where the session has ever carried anything.
    sessionVersion: claims.sv === undefined ? 0 : number(claims.sv),
    rolesVersion: number(claims.rv),
    claims: Object.freeze(claims),
  });
}

/** What is not known here, or was issued before there were levels, counts as the lowest. */
function assuranceLevel(value: unknown): AssuranceLevel {
  if (value === undefined) return 'aal1';
  const claimed = text(value);
  return ASSURANCE_LEVELS.find((level) => level === claimed) ?? 'aal1';
}

/** Levels that are not known here open nothing. */
function withheldAuthority(value: unknown): WithheldAuthority {
  if (typeof value !== 'object' || value === null) throw accessErrors.tokenInvalid();
  const claimed = new Map<string, unknown>(Object.entries(value));
  const known = DEMANDABLE_LEVELS.filter((level) => claimed.has(level));
  return Object.freeze(
    Object.fromEntries(known.map((level) => [level, texts(claimed.get(level))])),
  );
}

function text(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw accessErrors.tokenInvalid();
  return value;
}

function number(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw accessErrors.tokenInvalid();
  return value;
}

function texts(value: unknown): readonly string[] {
  if (!Array.isArray(value)) throw accessErrors.tokenInvalid();
  return Object.freeze(value.map(text));
}
