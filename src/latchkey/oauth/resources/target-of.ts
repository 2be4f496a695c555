import type { ScopeOfResource } from './resource-store.js';

/** What a request says of whom its tokens are for (RFC 8707 section 2). */
export interface AskedTarget {
  readonly scope: readonly string[];
  /** Each `resource`. */
  readonly resources: readonly string[];
}

export interface Target {
  /** Claim `aud`; null: this API. */
  readonly audience: string | null;
  /** The registered resource that it is; null: this server. */
  readonly resource: ScopeOfResource['resource'] | null;
}

export interface TargetRefusal {
  readonly refused: 'invalid_scope' | 'invalid_target';
  readonly because: string;
}

/**
 * Whom tokens are for. A scope belongs to one resource, and so says it as well: for clients that know no `resource`. A
 * token is for one resource at a time, and says at least one of its scopes: so a consent to scopes is one to whom they
 * are for.
 *
 * @param allowed what the client may ask of resources
 * @param own whom its tokens are for where no resource is asked for; `name` is how `resource` says it
 */
export function targetOf(
  { scope, resources }: AskedTarget,
  allowed: readonly ScopeOfResource[],
  own: { readonly audience: string | null; readonly name: string },
): Target | TargetRefusal {
  const asked = allowed.filter(({ name }) => scope.includes(name)).map(({ resource }) => resource);
  const named = new Set([...resources, ...asked.map(({ identifier }) => identifier)]);
  if (named.size > 1) return { refused: 'invalid_target', because: ONE };
  const [name = own.name] = named;
  if (name === own.name) return { audience: own.audience, resource: null };
  const [resource] = asked;
  if (resource !== undefined) return { audience: resource.identifier, resource };
  const isRegistered = allowed.some(({ resource: { identifier } }) => identifier === name);
  return isRegistered
    ? { refused: 'invalid_scope', because: 'Ask for at least one scope of the resource.' }
    : { refused: 'invalid_target', because: 'The client gets no token for this resource.' };
}

const ONE = 'A token is for one resource: ask for each in a request of its own.';
