import type { AssuranceLevel } from '../../access/assurance.js';
import type { RegisteredClient } from '../clients/oauth-clients.js';
import type { ScopeOfResource } from '../resources/resource-store.js';

export const PROMPTS = ['none', 'login', 'consent', 'select_account'] as const;
export type Prompt = (typeof PROMPTS)[number];

/** Client and redirect URI are known by now: what is wrong from here on, the client is told. */
export interface KnownPlace {
  readonly client: RegisteredClient;
  readonly redirectUri: string;
  /** Whether the client has pushed it itself. */
  readonly isPushed: boolean;
  /** Whom its tokens are for, unless it asks for a resource. */
  readonly own: { readonly audience: string | null; readonly name: string };
}

/** What the app says about whom it expects, and how to speak to them. The pages may go by it. */
export interface Hints {
  readonly login_hint?: string;
  readonly ui_locales?: string;
}

/** A request that is right in itself: what is left is who is signed in, and what they say to it. */
export interface AuthorizationRequest {
  readonly client: RegisteredClient;
  /** As it was asked for, with its port. */
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scope: readonly string[];
  /** Whom the access tokens are for; null: this API. */
  readonly audience: string | null;
  /** The same where it is a registered resource. */
  readonly resource: ScopeOfResource['resource'] | null;
  readonly nonce: string | undefined;
  /** RFC 7636 section 4.2, by S256. */
  readonly codeChallenge: string;
  readonly prompts: readonly Prompt[];
  readonly maxAgeSeconds: number | undefined;
  readonly hints: Hints;
  /** The least level that would do. */
  readonly acr: AssuranceLevel | undefined;
}
