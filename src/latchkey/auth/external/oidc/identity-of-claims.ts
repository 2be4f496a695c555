import type { ExternalIdentity } from '../external-provider.js';
import type { ProviderSettings } from '../provider-settings.js';
import type { Claims, OidcPreset } from './oidc-preset.js';

/** Who somebody is by the claims of an ID token that has been verified. */
export function identityOfClaims(
  { trustedAmr }: Pick<ProviderSettings, 'trustedAmr'>,
  preset: OidcPreset,
  claims: Claims,
): ExternalIdentity {
  const { iss, sub, email, name, amr, auth_time: signedInAt } = claims;
  const methods = Array.isArray(amr) ? amr : [];
  return {
    issuer: String(iss),
    subject: String(sub),
    email:
      typeof email === 'string' ? { address: email, standing: preset.standingOf(claims) } : null,
    name: typeof name === 'string' ? name : null,
    ...(typeof signedInAt === 'number' && { signedInAt }),
    twoFactors: trustedAmr.some((trusted) => methods.includes(trusted)),
  };
}
