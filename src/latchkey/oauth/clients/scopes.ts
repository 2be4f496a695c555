/**
 * What a client may ask for: `openid` an ID token and `sub`; `profile` name and language; `email` the address
 * and whether it is verified; `offline_access` a refresh token; `roles` roles and permissions.
 */
export const SCOPES = ['openid', 'profile', 'email', 'offline_access', 'roles'] as const;

/** Of a text as OAuth writes it (RFC 6749 section 3.3), each once. */
export function scopesOf(text: string): string[] {
  return [...new Set(text.split(' ').filter((name) => name !== ''))];
}
