import type { Principal } from '../../../../src/latchkey/access/principal.js';

/** A caller whose token says what a test wants it to say. */
export function aPrincipal(claims: Partial<Principal> = {}): Principal {
  return {
    userId: 'user-1',
    sessionId: 'session-1',
    tokenId: 'token-1',
    clientId: 'latchkey',
    keyId: 'key-1',
    roles: ['user'],
    permissions: [],
    withheld: [],
    stepUp: {},
    authTime: 0,
    authenticationMethods: ['pwd'],
    acr: 'aal1',
    issuedAt: 0,
    expiresAt: 900,
    userVersion: 1,
    sessionVersion: 0,
    rolesVersion: 1,
    claims: {},
    ...claims,
  };
}
