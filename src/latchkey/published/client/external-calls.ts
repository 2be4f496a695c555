import type { Means, Proof } from './account-calls.js';
import type { Principal } from './held-token.js';

/** What the user is known as at a provider. */
export interface Identity {
  readonly id: string;
  readonly provider: string;
  readonly issuer: string;
  readonly email: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

/** Signing in through others (docs/sign-in-with.md). */
export interface ExternalCalls {
  listProviders(): Promise<{ readonly id: string; readonly name: string }[]>;
  /**
   * Leads the page to a provider. It comes back with the session's cookie, or with `#error=` and a code.
   *
   * @param returnTo a path of the server, or one of EXTERNAL_RETURN_URLS
   */
  signInWith(provider: string, returnTo: string): void;
  /** The same, so that the account is signed in to by that provider, too. Takes a fresh sign-in. */
  addIdentity(provider: string, returnTo: string): Promise<void>;
  /** After `auth.external_proof_required`: by what the mail holds. Signs in. */
  proveIdentity(proof: Proof): Promise<Principal>;
  /** The same by the ticket, once the owner has signed in otherwise. */
  linkIdentity(ticket: string): Promise<Identity>;
  listIdentities(): Promise<Identity[]>;
  removeIdentity(id: string): Promise<void>;
}

const EXTERNAL = 'auth/external';
const IDENTITIES = 'auth/identities';

export function externalCalls({
  ask,
  signIn,
  leadTo,
}: Pick<Means, 'ask' | 'signIn' | 'leadTo'>): ExternalCalls {
  const start = (provider: string, query: Record<string, string>) =>
    leadTo(`${EXTERNAL}/${provider}/start?${new URLSearchParams(query)}`);
  const items = async (path: string) => Object(await ask('GET', path)).items;
  return {
    listProviders: () => items(EXTERNAL),
    signInWith: (provider, returnTo) => start(provider, { returnTo }),
    addIdentity: async (provider, returnTo) => {
      const { ticket: link } = Object(await ask('POST', `${EXTERNAL}/${provider}/link`));
      start(provider, { returnTo, link });
    },
    proveIdentity: (proof) => signIn(`${EXTERNAL}/prove`, proof),
    linkIdentity: (ticket) => ask('POST', IDENTITIES, { ticket }) as Promise<Identity>,
    listIdentities: () => items(IDENTITIES),
    removeIdentity: async (id) => {
      await ask('DELETE', `${IDENTITIES}/${id}`);
    },
  };
}
