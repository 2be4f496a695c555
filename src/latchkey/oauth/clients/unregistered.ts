import type { OAuthClient } from './oauth-client.entity.js';
import { SCOPES } from './scopes.js';

/** What people are called, but not what they may do here: that is for apps that somebody has registered. */
const OWN = SCOPES.filter((name) => name !== 'roles');

/**
 * Whether nobody here has registered the client: a document says who it is, or it has said so itself. It is as narrow as
 * a client can be.
 */
export function isUnregistered({
  metadataUri,
  selfRegistered,
}: Pick<OAuthClient, 'metadataUri' | 'selfRegistered'>): boolean {
  return metadataUri !== null || selfRegistered;
}

/** @param ofResources every scope that a resource has */
export function scopesOfUnregistered(ofResources: readonly { readonly name: string }[]): string[] {
  return [...OWN, ...ofResources.map(({ name }) => name)];
}
