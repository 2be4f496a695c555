import { defineErrors } from '../platform/errors/define-errors.js';

export const accessErrors = defineErrors({
  unauthenticated: {
    code: 'access.unauthenticated',
    status: 401,
    title: 'This route needs a signed-in caller.',
    remedy: 'Sign in and send the access token as `Authorization: Bearer …`.',
    challenge: 'Bearer',
  },
  tokenInvalid: {
    code: 'access.token_invalid',
    status: 401,
    title: 'The access token is not valid.',
    remedy: 'Refresh the session, or sign in again.',
  },
  tokenExpired: {
    code: 'access.token_expired',
    status: 401,
    title: 'The access token has expired.',
    remedy: 'Refresh the session and send the request again.',
  },
  tokenRevoked: {
    code: 'access.token_revoked',
    status: 401,
    title: 'The session of this access token has been ended.',
    remedy: 'Sign in again.',
  },
  tokenStale: {
    code: 'access.token_stale',
    status: 401,
    title:
      'The access token is out of date: what its user may do has changed, or its key was revoked.',
    remedy: 'Refresh the session and send the request again; the session goes on.',
  },
  forbidden: {
    code: 'access.forbidden',
    status: 403,
    title: 'The caller lacks a role or permission that this route demands.',
    remedy: 'Ask an administrator for what `/docs` says this route demands.',
  },
  assuranceInsufficient: {
    code: 'access.assurance_insufficient',
    status: 401,
    title: 'The sign-in is not sure enough, or too long ago, for what was asked.',
    remedy:
      'Show the factor that the challenge asks for at `POST /auth/step-up`, and send the request again with the new access token.',
    challenge: 'Bearer error="insufficient_user_authentication"',
  },
  freshSignInRequired: {
    code: 'auth.fresh_sign_in_required',
    status: 401,
    title: 'The sign-in is too long ago for what was asked.',
    remedy:
      'Show a factor again at `POST /auth/step-up`, or sign in again, and send the request with the new access token.',
    challenge: 'Bearer error="insufficient_user_authentication"',
  },
  keysUnavailable: {
    code: 'access.keys_unavailable',
    status: 503,
    title: 'The keys that verify access tokens cannot be fetched at the moment.',
    remedy:
      'Try again after the number of seconds in `Retry-After`; the operator finds the reason in the log.',
  },
  revocationUnavailable: {
    code: 'access.revocation_unavailable',
    status: 503,
    title: 'The server cannot tell at the moment whether sessions have been revoked.',
    remedy: 'Try again after the number of seconds in `Retry-After`.',
  },
});
