import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import type { ClientAuth } from 'oauth4webapi';
import type { OidcPreset } from '../oidc/oidc-preset.js';
import type { ProviderSettings } from '../provider-settings.js';

const APPLE = 'https://appleid.apple.com';
/** Apple allows six months; it is made for each request. */
const SECRET_SECONDS = 300;

/**
 * Apple takes a JWT for the client's secret ("Creating a client secret"), and answers by a form that the
 * browser posts across sites, since an address is asked for. Its `email_verified` is a boolean or a text
 * ("Authenticating users with Sign in with Apple"). The name is in no token: it comes once, beside the first answer.
 */
export function applePreset(settings: ProviderSettings): OidcPreset {
  const issuer = settings.issuer ?? APPLE;
  return {
    name: 'Apple',
    issuer,
    scopes: ['openid', 'name', 'email'],
    parameters: { response_mode: 'form_post' },
    nameIn,
    clientAuth: () => bySignedSecret(settings, issuer),
    standingOf: ({ email_verified: verified }) =>
      verified === true || verified === 'true' ? 'proved' : 'claimed',
  };
}

/** `{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"…"}`, of which the address is not believed. */
function nameIn(answer: URLSearchParams): string | null {
  const { firstName, lastName } = Object(Object(parsed(answer.get('user'))).name);
  const parts = [firstName, lastName].filter((part) => typeof part === 'string');
  return parts.length === 0 ? null : parts.join(' ');
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

function bySignedSecret(
  { clientId, teamId, keyId, privateKey }: ProviderSettings,
  audience: string,
): ClientAuth {
  return async (_server, _client, body) => {
    const secret = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: keyId ?? '' })
      .setIssuer(teamId ?? '')
      .setSubject(clientId)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${SECRET_SECONDS}s`)
      .sign(createPrivateKey(privateKey ?? ''));
    body.set('client_id', clientId);
    body.set('client_secret', secret);
  };
}
