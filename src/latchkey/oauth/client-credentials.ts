import type { FastifyRequest } from 'fastify';
import { decodeJwt } from 'jose';
import type { LatchkeyError } from '../platform/errors/latchkey-error.js';
import { CLIENT_ASSERTION_TYPE, type ClientForm } from './oauth.dto.js';
import { oauthErrors } from './oauth.errors.js';

const BASIC = /^basic +([a-z0-9+/]+={0,2})$/i;

export interface ClientCredentials {
  readonly clientId: string;
  /** Null for a client that only says who it is. */
  readonly secret: string | null;
  /** What it has signed in place of a secret. */
  readonly assertion: string | null;
}

/**
 * Who a client says it is, by HTTP Basic, in the form or by an assertion, but not by two of them (RFC 6749 section
 * 2.3).
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
  const { client_assertion: assertion, client_assertion_type: type } = form;
  if (assertion !== undefined || type !== undefined) {
    if (authorization !== undefined || secret !== null) throw inTwoWays();
    return fromAssertion(assertion, type, clientId);
  }
  if (authorization === undefined) {
    return clientId === undefined ? null : { clientId, secret, assertion: null };
  }
  const basic = fromBasic(authorization);
  if (basic === null) throw oauthErrors.invalidClient();
  if (secret !== null || (clientId !== undefined && clientId !== basic.clientId)) {
    throw inTwoWays();
  }
  return basic;
}

function inTwoWays(): LatchkeyError {
  return oauthErrors.invalidRequest({ detail: 'The client has said who it is in two ways.' });
}

function fromAssertion(
  assertion: string | undefined,
  type: string | undefined,
  named: string | undefined,
): ClientCredentials {
  if (type !== CLIENT_ASSERTION_TYPE || assertion === undefined) {
    throw oauthErrors.invalidRequest({
      detail: `client_assertion comes with client_assertion_type=${CLIENT_ASSERTION_TYPE}.`,
    });
  }
  const clientId = named ?? subjectOf(assertion);
  if (clientId === null) throw oauthErrors.invalidClient();
  return { clientId, secret: null, assertion };
}

function subjectOf(assertion: string): string | null {
  try {
    const { sub } = decodeJwt(assertion);
    return typeof sub === 'string' ? sub : null;
  } catch {
    return null;
  }
}

function fromBasic(authorization: string): ClientCredentials | null {
  const [, encoded] = BASIC.exec(authorization) ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return null;
  const clientId = formDecoded(text.slice(0, colon));
  const secret = formDecoded(text.slice(colon + 1));
  return clientId === null || secret === null ? null : { clientId, secret, assertion: null };
}

/** Both halves are encoded as in a form before they are joined (RFC 6749 section 2.3.1). */
function formDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
