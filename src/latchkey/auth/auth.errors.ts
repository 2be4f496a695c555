import { defineErrors } from '../platform/errors/define-errors.js';

/**
 * Errors of signing in. A sign-in method of your own throws `invalidCredentials` for every wrong
 * proof.
 */
export const authErrors = defineErrors({
  invalidCredentials: {
    code: 'auth.invalid_credentials',
    status: 401,
    title: 'Nobody is signed in: the address, the password or another proof is wrong.',
    remedy:
      'Check what was entered; where a link or a provider led here, begin again. The answer is the same for an account that does not exist or is disabled.',
    challenge: 'Bearer',
  },
  emailUnverified: {
    code: 'auth.email_unverified',
    status: 403,
    title: 'The address of the account has to be verified first.',
    remedy:
      'Open the link of the mail that was sent to it, or ask for another mail at `POST /auth/email-verification/request`. By password only the browser that registered gets this answer; others are told `auth.invalid_credentials`.',
  },
  crossSite: {
    code: 'auth.cross_site',
    status: 403,
    title: 'A request that uses the session cookie came from another site.',
    remedy: 'Call from the server’s own origin or one that CORS_ORIGINS lists.',
  },
  passwordSignInOff: {
    code: 'auth.password_sign_in_off',
    status: 403,
    title: 'Sign-in by password is turned off.',
    remedy: 'Sign in by one of the methods that this application offers.',
  },
  secondFactorRequired: {
    code: 'auth.second_factor_required',
    status: 403,
    title: 'The account has a second factor, which has to be shown as well.',
    remedy:
      'Show one of `methods` with `challenge` at `POST /auth/login/second-factor`, within `expiresIn` seconds.',
  },
  factorInvalid: {
    code: 'auth.factor_invalid',
    status: 401,
    title: 'What was shown is no factor of the account, or has been used before.',
    remedy: 'Wait for the next code, or take another method.',
    challenge: 'Bearer',
  },
  passkeyUnknown: {
    code: 'auth.passkey_unknown',
    status: 401,
    title: 'No account has this passkey: it has been removed.',
    remedy:
      'Sign in by another one. A page has the browser forget this one by `PublicKeyCredential.signalUnknownCredential`.',
    challenge: 'Bearer',
  },
  registrationClosed: {
    code: 'auth.registration_closed',
    status: 403,
    title: 'Accounts cannot be registered here.',
    remedy: 'Ask an administrator for an account.',
  },
});
