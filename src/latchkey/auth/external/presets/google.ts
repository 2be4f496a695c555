import { domainOf, type OidcPreset } from '../oidc/oidc-preset.js';
import type { ProviderSettings } from '../provider-settings.js';

/**
 * Google is authoritative for mailboxes of Gmail and of the organisations that it hosts (claim `hd`); any
 * other address was proved once, and may have changed hands since (developers.google.com/identity, "Verify
 * the Google ID token on your server side").
 */
export function googlePreset({ issuer }: ProviderSettings): OidcPreset {
  return {
    name: 'Google',
    issuer: issuer ?? 'https://accounts.google.com',
    scopes: ['openid', 'email', 'profile'],
    // A refresh token comes with the person's consent alone ("Refreshing an access token (offline access)").
    whenKeeping: () => ({ access_type: 'offline', prompt: 'consent' }),
    standingOf: (claims) => {
      if (claims.email_verified !== true) return 'claimed';
      const hosts = typeof claims.hd === 'string' && claims.hd !== '';
      return hosts || domainOf(claims) === 'gmail.com' ? 'proved' : 'claimed';
    },
  };
}
