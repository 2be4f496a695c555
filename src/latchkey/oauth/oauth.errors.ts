import { defineErrors } from '../platform/errors/define-errors.js';

/** What follows the dot is the `error` that OAuth clients know (RFC 6749 section 5.2). */
export const oauthErrors = defineErrors({
  invalidRequest: {
    code: 'oauth.invalid_request',
    status: 400,
    title: 'A parameter is missing, repeated or invalid.',
    remedy: 'Send a form with the parameters that `/docs` names, each once.',
  },
  invalidClient: {
    code: 'oauth.invalid_client',
    status: 401,
    title: 'Client authentication failed.',
    remedy:
      'Send the `client_id` and `client_secret`, by HTTP Basic or in the form, or a `client_assertion` that has not been used.',
    challenge: 'Basic realm="latchkey", charset="UTF-8"',
  },
  unauthorizedClient: {
    code: 'oauth.unauthorized_client',
    status: 400,
    title: 'The client may not do this.',
    remedy: 'Use the client that the token was issued to, or one whose roles allow it.',
  },
  invalidGrant: {
    code: 'oauth.invalid_grant',
    status: 400,
    title: 'The code is wrong, too old, used, or of another client, redirect URI or verifier.',
    remedy: 'Send the user through the authorization endpoint again.',
  },
  authorizationPending: {
    code: 'oauth.authorization_pending',
    status: 400,
    title: 'The person has not answered yet.',
    remedy: 'Ask again after `interval` seconds (RFC 8628 section 3.5).',
  },
  slowDown: {
    code: 'oauth.slow_down',
    status: 400,
    title: 'The person has not answered yet, and the device asks too often.',
    remedy: 'Wait five seconds longer between two questions from now on.',
  },
  accessDenied: {
    code: 'oauth.access_denied',
    status: 400,
    title: 'The person has said no.',
    remedy: 'Stop asking.',
  },
  expiredToken: {
    code: 'oauth.expired_token',
    status: 400,
    title: 'The device code has expired.',
    remedy: 'Begin again at `/oauth/device_authorization`, when the person asks for it.',
  },
  unsupportedGrantType: {
    code: 'oauth.unsupported_grant_type',
    status: 400,
    title: 'This grant type is not supported.',
    remedy: 'Use one that `/.well-known/oauth-authorization-server` lists.',
  },
  invalidScope: {
    code: 'oauth.invalid_scope',
    status: 400,
    title: 'The scope is unknown here, or more than the client may ask for or was granted.',
    remedy:
      'Ask for scopes that the client is registered with; leave `scope` out for tokens of this API, which say roles.',
  },
  invalidTarget: {
    code: 'oauth.invalid_target',
    status: 400,
    title: 'The client gets no token for this resource.',
    remedy:
      'Leave `resource` out, or send the identifier of a resource that the client has a scope of (RFC 8707 section 2).',
  },
});
