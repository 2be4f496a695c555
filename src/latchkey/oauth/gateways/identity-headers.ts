import type { Principal } from '../../access/principal.js';

/** The headers by which a gateway tells a service who is calling. */
export const IDENTITY_HEADERS = [
  'X-Auth-User',
  'X-Auth-Session',
  'X-Auth-Client',
  'X-Auth-Roles',
  'X-Auth-Permissions',
] as const;

type IdentityHeader = (typeof IDENTITY_HEADERS)[number];

/**
 * All of them, always: one that were missing might be left as the client sent it. Lists are
 * separated by commas. Whatever could end a value or divide a name is percent-encoded; nothing
 * that Latchkey itself names needs it.
 */
export function identityHeaders(principal: Principal): Record<IdentityHeader, string> {
  return {
    'X-Auth-User': encoded(principal.userId),
    'X-Auth-Session': encoded(principal.sessionId),
    'X-Auth-Client': encoded(principal.clientId),
    'X-Auth-Roles': principal.roles.map(encoded).join(','),
    'X-Auth-Permissions': principal.permissions.map(encoded).join(','),
  };
}

function encoded(name: string): string {
  return name.toWellFormed().replace(/[^\w:*.@~-]/gu, encodeURIComponent);
}
