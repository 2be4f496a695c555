import type { FastifyRequest } from 'fastify';
import type { ClientForm } from './oauth.dto.js';
import { oauthErrors } from './oauth.errors.js';

const BASIC = /^basic +([a-z0-9+/]+={0,2})$/i;

export interface ClientCredentials {
  readonly clientId: string;
  /** Null for a client that only says who it is. */
  readonly secret: string | null;
}

/**
 * Who a client says it is, by HTTP Basic or in the form, but not by both (RFC 6749 section 2.3).
 * Null when it does not say. Nothing is verified yet.
 *
 * @throws LatchkeyError `oauth.invalid_request`, `oauth.invalid_client`
 */
export function clientCredentialsOf(
  request: FastifyRequest,
  form: ClientForm,
): ClientCredentials | null {
  const { authorization } = request.headers;
  const { client_id: clientId, client_secret: secret = null } = form;
  if (authorization === undefined) return clientId === undefined ? null : { clientId, secret };
  const basic = fromBasic(authorization);
  if (basic === null) throw oauthErrors.invalidClient();
  if (secret !== null || (clientId !== undefined && clientId !== basic.clientId)) {
    throw oauthErrors.invalidRequest({ detail: 'The client has said who it is in two ways.' });
  }
  return basic;
}

function fromBasic(authorization: string): ClientCredentials | null {
  const [, encoded] = BASIC.exec(authorization) ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return null;
  const clientId = formDecoded(text.slice(0, colon));
  const secret = formDecoded(text.slice(colon + 1));
  return clientId === null || secret === null ? null : { clientId, secret };
}

/** Both halves are encoded as in a form before they are joined (RFC 6749 section 2.3.1). */
function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
