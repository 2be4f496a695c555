import { areRedirectUris, isClientName } from '../documents/client-document.js';
import { registrationErrors } from './registration.errors.js';

/** What every client that registers itself gets, whichever of them it asks for. */
export const GRANT_TYPES = ['authorization_code', 'refresh_token'];
export const RESPONSE_TYPES = ['code'];

/** Of RFC 7591 sections 2 and 2.3: what would have to be believed or kept, and is not. */
const REFUSED = ['jwks', 'jwks_uri', 'client_secret', 'software_statement'];

/** What an app says of itself, as far as it is taken. */
export interface ClientMetadata {
  readonly name: string;
  readonly redirectUris: readonly string[];
}

/**
 * Reads the metadata of RFC 7591 section 2. What it does not know it ignores; null is as if it were not there.
 *
 * @throws LatchkeyError `oauth.invalid_redirect_uri`, `oauth.invalid_client_metadata` for what it cannot do
 */
export function readClientMetadata(body: unknown): ClientMetadata {
  const given = (name: string): unknown => Object(body)[name] ?? undefined;
  const refused = REFUSED.find((name) => given(name) !== undefined);
  if (refused !== undefined)
    refuse(`${refused} is not taken: clients here have no keys, no secret and no voucher.`);
  const redirectUris = given('redirect_uris');
  if (!areRedirectUris(redirectUris)) throw registrationErrors.invalidRedirectUri();
  if ((given('token_endpoint_auth_method') ?? 'none') !== 'none') {
    refuse('token_endpoint_auth_method must be none.');
  }
  const grants = given('grant_types') ?? GRANT_TYPES;
  if (!isListOf(grants, GRANT_TYPES) || !grants.includes('authorization_code')) {
    refuse('grant_types must be authorization_code, and perhaps refresh_token.');
  }
  if (!isListOf(given('response_types') ?? RESPONSE_TYPES, RESPONSE_TYPES)) {
    refuse('response_types must be code.');
  }
  if (typeof (given('scope') ?? '') !== 'string') refuse('scope must be a text.');
  const name = given('client_name') ?? placeOf(redirectUris);
  if (!isClientName(name)) refuse('client_name must be a line of at most 100 characters.');
  return { name, redirectUris: [...new Set(redirectUris)] };
}

function isListOf(given: unknown, allowed: readonly string[]): given is string[] {
  return (
    Array.isArray(given) && given.length > 0 && given.every((value) => allowed.includes(value))
  );
}

/** What an app is called that does not say. */
function placeOf([redirectUri = '']: readonly string[]): string {
  const { host, protocol } = new URL(redirectUri);
  return (host === '' ? protocol.slice(0, -1) : host).slice(0, 100);
}

function refuse(detail: string): never {
  throw registrationErrors.invalidClientMetadata({ detail });
}
