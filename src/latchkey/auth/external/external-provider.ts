import { externalErrors } from './external.errors.js';

/** One sign-in at a provider, as it is begun and ended: what ties both ends together. */
export interface ExternalRequest {
  /** Where the provider sends the browser back to: the same for every sign-in by it. */
  readonly redirectUri: string;
  readonly state: string;
  /** For the ID token. */
  readonly nonce: string;
  /** How many seconds ago the person may have signed in there, where a fresh sign-in is wanted. */
  readonly maxAgeSeconds?: number;
  /** Of 43 characters; what the provider is told at the start is its S256 (RFC 7636). */
  readonly codeVerifier: string;
}

/**
 * What the provider's word about an address is worth: `proved`, it hosts the mailbox or has proved it;
 * `claimed`, it does not say so; `mutable`, whoever administers the account there writes in what they like.
 */
export type AddressStanding = 'proved' | 'claimed' | 'mutable';

/** What a provider gives for its own API, as RFC 6749 section 5.1 has it. */
export interface ExternalTokens {
  readonly accessToken: string;
  /** Absent from what a refresh gives: the former one goes on. */
  readonly refreshToken?: string | null;
  /** Of the access token; absent: the provider does not say. */
  readonly expiresInSeconds?: number | null;
  readonly scope?: string | null;
}

/** Who somebody is at a provider. */
export interface ExternalIdentity {
  /** A text that no other provider has. */
  readonly issuer: string;
  /** Never given to anybody else by the issuer, and never changed: no address and no name. */
  readonly subject: string;
  readonly email: { readonly address: string; readonly standing: AddressStanding } | null;
  readonly name?: string | null;
  /** When the person signed in there, in seconds since the epoch, where the provider says it; now otherwise. */
  readonly signedInAt?: number;
  /** Whether two factors were shown there, and the settings say that those count here. */
  readonly twoFactors?: boolean;
  /** Kept, encrypted, with `EXTERNAL_<ID>_KEEP_TOKENS=on`; forgotten otherwise. */
  readonly tokens?: ExternalTokens;
}

/**
 * Port: a provider that people sign in through. Latchkey has OpenID Connect, whose providers are settings
 * alone; extend this for one that speaks something else, provide the class in any module, and name its `id`
 * in `EXTERNAL_PROVIDERS`. Latchkey keeps the state, binds it to the browser, finds the account or makes it,
 * and asks for the second factor.
 *
 * @example
 * ```ts
 * @Injectable()
 * export class CampusProvider extends ExternalProvider {
 *   readonly id = 'campus';
 *   readonly name = 'Campus';
 *   async begin({ redirectUri, state }: ExternalRequest) { return new URL(…); }
 *   async finish(request: ExternalRequest, answer: URLSearchParams) {
 *     const person = await this.redeem(answer.get('code'), request);
 *     return { issuer: 'https://campus.example', subject: person.id, email: null };
 *   }
 * }
 * ```
 */
export abstract class ExternalProvider {
  /** Its name in addresses and settings: a word of small letters, digits and dashes. */
  abstract readonly id: string;
  /** What its button says. */
  abstract readonly name: string;

  /**
   * Where the browser is sent to.
   *
   * @throws LatchkeyError `auth.external_unavailable`
   */
  abstract begin(request: ExternalRequest): Promise<URL>;

  /**
   * Judges the provider's answer. `state` has been found good; everything else in `answer` is a stranger's.
   * Ask the provider over a client that bounds time and size, and follow no redirects.
   *
   * @throws LatchkeyError `externalErrors.refused`, `.denied`, `.unavailable`
   */
  abstract finish(request: ExternalRequest, answer: URLSearchParams): Promise<ExternalIdentity>;

  /**
   * Judges an ID token that an app has got by itself.
   *
   * @param nonce whose SHA-256 is in the token
   * @throws LatchkeyError `auth.external_token_unsupported` unless the provider has it otherwise
   */
  identify(_idToken: string, _nonce: string): Promise<ExternalIdentity> {
    return Promise.reject(externalErrors.tokenUnsupported());
  }

  /**
   * As whom Latchkey is registered there: what the provider has given is shown to it alone while this is the
   * same text. Its client id and where that counts, for example.
   */
  get registration(): string {
    return this.id;
  }

  /**
   * New tokens for a refresh token of this provider's own. One instance asks at a time.
   *
   * @param _identity whose it is
   * @throws LatchkeyError `externalErrors.signInNeeded` where the provider refuses it for good, which deletes what
   *   is kept; `externalErrors.unavailable` where another try may succeed
   */
  refresh(
    _refreshToken: string,
    _identity: Pick<ExternalIdentity, 'issuer' | 'subject'>,
  ): Promise<ExternalTokens> {
    return Promise.reject(externalErrors.signInNeeded());
  }
}
