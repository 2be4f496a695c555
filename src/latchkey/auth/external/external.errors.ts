import { defineErrors } from '../../platform/errors/define-errors.js';

/**
 * Those of signing in through others. Where a browser comes back from a provider they are not an answer but
 * the fragment of the page that it goes on to: `#error=auth.external_denied`.
 */
export const externalErrors = defineErrors({
  unknown: {
    code: 'auth.external_unknown',
    status: 404,
    title: 'Nobody signs in here by this provider.',
    remedy: 'Take an id from `GET /auth/external`. Operators: it takes EXTERNAL_PROVIDERS.',
  },
  stateInvalid: {
    code: 'auth.external_state_invalid',
    status: 400,
    title: 'This sign-in was begun in another browser, too long ago, or has been finished.',
    remedy:
      'Begin again, and finish in the same browser within ten minutes. Each sign-in works once.',
  },
  denied: {
    code: 'auth.external_denied',
    status: 403,
    title: 'The provider says that the sign-in was cancelled there.',
    remedy: 'Begin again, and agree at the provider; or sign in another way.',
  },
  unavailable: {
    code: 'auth.external_unavailable',
    status: 424,
    title: 'The provider does not answer, or answers with an error.',
    remedy:
      'Try again in a minute, or sign in another way. Operators: the log says what was wrong.',
  },
  refused: {
    code: 'auth.external_refused',
    status: 401,
    title: 'What the provider answered cannot be trusted.',
    remedy:
      'Begin again. If it goes on, sign in another way and tell the operator, whose log says why.',
    challenge: 'Bearer',
  },
  tokenUnsupported: {
    code: 'auth.external_token_unsupported',
    status: 400,
    title: 'This provider gives no ID token that an app could show.',
    remedy: 'Sign in by `GET /auth/external/:provider/start` in a browser.',
  },
  emailMissing: {
    code: 'auth.external_email_missing',
    status: 403,
    title: 'An account takes an e-mail address, and the provider has told none.',
    remedy:
      'Allow the provider to share a verified address, and begin again; or register another way and add the provider in your account.',
  },
  proofRequired: {
    code: 'auth.external_proof_required',
    status: 403,
    title: 'There may be an account with this address: first show that it is yours.',
    remedy:
      'Show what the mail to the address says, with `ticket`, at `POST /auth/external/prove`; or sign in as you do otherwise, and then send `ticket` to `POST /auth/identities`. Both within `expiresIn` seconds.',
  },
  signInNeeded: {
    code: 'auth.external_sign_in_needed',
    status: 409,
    title: 'The provider has to be asked anew: nothing of it is kept that is still good.',
    remedy:
      'Have the person sign in through the provider again, or add it in their account. Operators: it takes EXTERNAL_<ID>_KEEP_TOKENS.',
  },
});
