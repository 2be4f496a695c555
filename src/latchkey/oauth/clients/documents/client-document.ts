import { createHash } from 'node:crypto';
import { isRedirectUri } from '../redirect-uri.js';
import { DocumentUnreachable } from './fetch-document.js';

/** As long as a `client_id` may be in a form. */
const MAX_ADDRESS_LENGTH = 200;
const MAX_NAME_LENGTH = 100;
const MAX_REDIRECT_URIS = 20;
/** Printable, and nothing that turns the reading direction or takes no room. */
const LINE = /^[^\p{C}\p{Zl}\p{Zp}]+$/u;

/** To let in without its key somebody who publishes one would be less than it asks for. */
const NAMES_KEYS =
  'it names keys (jwks or jwks_uri), by which no agent of a document authenticates here; an administrator can register it with them';

/** What an app says of itself (draft-ietf-oauth-client-id-metadata-document section 4). */
export interface ClientDocument {
  /** Its `client_id`. */
  readonly address: string;
  readonly name: string;
  readonly redirectUris: readonly string[];
}

/**
 * The address of a document, if a `client_id` is one (section 3): https, with a path, without user, query, fragment or
 * dots to resolve. It has one spelling, so that one app is one client.
 */
export function documentAddressOf(clientId: string): URL | null {
  if (!clientId.startsWith('https://') || clientId.length > MAX_ADDRESS_LENGTH) return null;
  if (!URL.canParse(clientId)) return null;
  const url = new URL(clientId);
  const hasMore = url.username !== '' || url.password !== '' || /[?#]/.test(clientId);
  return url.href === clientId && url.pathname !== '/' && !hasMore ? url : null;
}

/** By which the client has its sessions and its consents: the same on every instance, before it is stored. */
export function documentClientId(address: string): string {
  const bytes = createHash('sha256').update(`client metadata document ${address}`).digest();
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex', 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** @throws DocumentUnreachable for what says something else than an app that has no secret */
export function readClientDocument({ href: address, host }: URL, given: unknown): ClientDocument {
  const {
    client_id: clientId,
    client_name: name = host,
    redirect_uris: redirectUris,
    token_endpoint_auth_method: method = 'none',
    client_secret: secret,
    jwks,
    jwks_uri: jwksUri,
  } = Object(given) as Record<string, unknown>;
  if (clientId !== address) throw new DocumentUnreachable('its client_id is not its address');
  if (secret !== undefined || method !== 'none') {
    throw new DocumentUnreachable('its token_endpoint_auth_method must be none');
  }
  if (jwks !== undefined || jwksUri !== undefined) throw new DocumentUnreachable(NAMES_KEYS);
  if (!isClientName(name)) {
    throw new DocumentUnreachable('its client_name is no line of at most 100 characters');
  }
  if (!areRedirectUris(redirectUris)) {
    throw new DocumentUnreachable('its redirect_uris must be one to twenty addresses');
  }
  return { address, name, redirectUris };
}

/** What a stranger may be called: a line that is read as it is written. */
export function isClientName(given: unknown): given is string {
  return typeof given === 'string' && given.length <= MAX_NAME_LENGTH && LINE.test(given);
}

/** Of a stranger: one to twenty. */
export function areRedirectUris(given: unknown): given is string[] {
  return (
    Array.isArray(given) &&
    given.length > 0 &&
    given.length <= MAX_REDIRECT_URIS &&
    given.every((uri) => typeof uri === 'string' && isRedirectUri(uri))
  );
}
