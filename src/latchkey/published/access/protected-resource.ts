import type { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import { challengeFor } from '../../platform/errors/problem.js';
import type { ResourceServerSettings } from './resource-server-options.js';

export const WELL_KNOWN = '/.well-known/oauth-protected-resource';
const UNAUTHENTICATED = 401;

/** RFC 9728 section 2. */
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly bearer_methods_supported: readonly string[];
  readonly scopes_supported?: readonly string[];
  readonly resource_name?: string;
  readonly resource_documentation?: string;
}

type Settings = Pick<ResourceServerSettings, 'issuer' | 'audience' | 'protectedResource'>;

/** What a service says of itself to those who have no token yet (RFC 9728). */
export class ProtectedResource {
  /** Undefined where the option is not set: the service says nothing. */
  readonly metadata: ProtectedResourceMetadata | undefined;

  constructor(private readonly settings: Settings) {
    const { issuer, audience, protectedResource } = settings;
    if (protectedResource === undefined) return;
    const { scopes, name, documentation } = protectedResource;
    this.metadata = {
      resource: audience,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header'],
      ...(scopes !== undefined && { scopes_supported: scopes }),
      ...(name !== undefined && { resource_name: name }),
      ...(documentation !== undefined && { resource_documentation: documentation }),
    };
  }

  /**
   * @param path of a request, without its query
   * @returns whether the document is to be had there: at the place that belongs to the resource's own path (section
   *   3.1), and, for clients that know no other, at the root
   */
  isAt(path: string): boolean {
    if (this.metadata === undefined) return false;
    return path === WELL_KNOWN || path === new URL(this.address).pathname;
  }

  /** `WWW-Authenticate`, which leads whoever is refused to the document (section 5.1). */
  challengeFor(error: LatchkeyError): string | undefined {
    const challenge = challengeFor(error);
    if (this.metadata === undefined || !challenge?.startsWith('Bearer')) return challenge;
    const { scopes_supported: scopes = [] } = this.metadata;
    const tellsScopes = error.definition.status === UNAUTHENTICATED && scopes.length > 0;
    const parameters = [
      challenge.slice('Bearer'.length).trim(),
      `resource_metadata="${this.address}"`,
      ...(tellsScopes ? [`scope="${scopes.join(' ')}"`] : []),
    ];
    return `Bearer ${parameters.filter((parameter) => parameter !== '').join(', ')}`;
  }

  private get address(): string {
    const { origin, pathname } = new URL(this.settings.audience);
    return `${origin}${WELL_KNOWN}${pathname === '/' ? '' : pathname}`;
  }
}
