import { type Claims, OFFLINE_ACCESS, type OidcPreset } from '../oidc/oidc-preset.js';
import type { ProviderSettings } from '../provider-settings.js';

const HOST = 'https://login.microsoftonline.com';
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** The tenant of personal accounts. */
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad';
const PLACEHOLDER = '{tenantid}';

/**
 * Whoever administers a tenant writes any address into `email` (nOAuth): it is a hint, unless Microsoft adds
 * that the owner of the domain has been verified (optional claim `xms_edov`).
 */
export function microsoftPreset({ issuer, tenant }: ProviderSettings): OidcPreset {
  const host = issuer ?? HOST;
  const whose = tenant ?? 'common';
  const issuerOfTenant = (id: string) => `${host}/${id}/v2.0`;
  const several = !ID.test(whose);
  return {
    name: 'Microsoft',
    issuer: issuerOfTenant(whose),
    ...(several && {
      metadataIssuer: issuerOfTenant(whose === 'consumers' ? PERSONAL : PLACEHOLDER),
      issuerOf: ({ tid }: Claims) =>
        typeof tid === 'string' && mayCome(whose, tid) ? issuerOfTenant(tid) : null,
    }),
    scopes: ['openid', 'email', 'profile'],
    offlineScope: OFFLINE_ACCESS,
    standingOf: ({ xms_edov: isOwned }) => (isOwned === true ? 'proved' : 'mutable'),
  };
}

function mayCome(whose: string, tenant: string): boolean {
  if (!ID.test(tenant)) return false;
  if (whose === 'organizations') return tenant !== PERSONAL;
  return whose === 'common' || tenant === PERSONAL;
}
