import { Injectable } from '@nestjs/common';
import { OAuthClients, type RegisteredClient } from '../clients/oauth-clients.js';
import { oauthErrors } from '../oauth.errors.js';
import { type HintedSession, IdTokenHint } from './id-token-hint.js';

/** What is read of a request; `logout_hint` and `ui_locales` change nothing. */
const PARAMETERS = ['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'state'] as const;
type Parameter = (typeof PARAMETERS)[number];

const MAX_LENGTHS: Readonly<Record<Parameter, number>> = {
  id_token_hint: 8 * 1024,
  client_id: 200,
  post_logout_redirect_uri: 500,
  state: 1_000,
};

/** A request to sign out that is right in itself. */
export interface SignOutRequest {
  /** Null where none is named, and where it is not active any more. */
  readonly client: RegisteredClient | null;
  readonly hint: HintedSession | null;
  /** Where the browser goes afterwards: an address of the client's, with `state`. */
  readonly goOn: string | null;
}

/**
 * Reads requests to sign out (OpenID Connect RP-Initiated Logout 1.0 section 2), as they come from clients and
 * as pages carry them.
 */
@Injectable()
export class ReadSignOutRequest {
  constructor(
    private readonly clients: OAuthClients,
    private readonly hints: IdTokenHint,
  ) {}

  /** @throws LatchkeyError `oauth.invalid_request`, where nothing is to be sent anywhere */
  async read(given: URLSearchParams): Promise<SignOutRequest> {
    const {
      id_token_hint: hintText,
      client_id: named,
      post_logout_redirect_uri: address,
      state,
    } = parametersIn(given);
    const hint = hintText === undefined ? null : await this.hints.read(hintText);
    if (hint !== null && named !== undefined && named !== hint.clientId) {
      throw oauthErrors.invalidRequest({ detail: 'id_token_hint is of another client.' });
    }
    const clientId = hint?.clientId ?? named;
    const client = clientId === undefined ? null : await this.clients.find(clientId);
    if (address === undefined) return { client, hint, goOn: null };
    if (!client?.postLogoutRedirectUris.includes(address)) {
      throw oauthErrors.invalidRequest({
        detail:
          'post_logout_redirect_uri is none that an active client, named by client_id or id_token_hint, is registered with.',
      });
    }
    return { client, hint, goOn: withState(address, state) };
  }
}

/** The request as pages carry it, where it is read once more: no more than is known of it. */
export function carriedOn(given: URLSearchParams): string {
  return new URLSearchParams(
    PARAMETERS.flatMap((name) =>
      given.getAll(name).map((value): [string, string] => [name, value]),
    ),
  ).toString();
}

function parametersIn(given: URLSearchParams): Readonly<Partial<Record<Parameter, string>>> {
  return Object.fromEntries(PARAMETERS.map((name) => [name, onlyOne(name, given.getAll(name))]));
}

/** One without a value counts as none (RFC 6749 section 3.1). */
function onlyOne(name: Parameter, all: readonly string[]): string | undefined {
  const [value, another] = all.filter((one) => one !== '');
  if (another !== undefined) {
    throw oauthErrors.invalidRequest({ detail: `${name} is there twice.` });
  }
  if (value !== undefined && value.length > MAX_LENGTHS[name]) {
    throw oauthErrors.invalidRequest({ detail: `${name} is too long.` });
  }
  return value;
}

function withState(address: string, state: string | undefined): string {
  if (state === undefined) return address;
  return `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams({ state })}`;
}
