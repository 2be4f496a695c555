import { defineErrors } from '../../platform/errors/define-errors.js';

/** Those of second factors and passkeys. */
export const factorsErrors = defineErrors({
  notFound: {
    code: 'factors.not_found',
    status: 404,
    title: 'The account has no such factor.',
    remedy:
      'Take an id from `GET /auth/factors`; one that waits for its first code does so for an hour.',
  },
  codeInvalid: {
    code: 'factors.code_invalid',
    status: 403,
    title: 'The code is wrong, too old, or has been used.',
    remedy:
      'Enter the code that the app shows now; each works once. If it goes on being refused, the clock of the device is wrong.',
  },
  locked: {
    code: 'factors.locked',
    status: 403,
    title:
      'There have been too many wrong codes: the app of this account is not accepted any more.',
    remedy:
      'Use a recovery code or a passkey, and add the app again. Without either, ask an administrator to remove the factors.',
  },
  tooMany: {
    code: 'factors.too_many',
    status: 409,
    title: 'The account has as many factors as one can have.',
    remedy: 'Remove one that is not used any more.',
  },
  none: {
    code: 'factors.none',
    status: 409,
    title: 'The account has no second factor that recovery codes could stand in for.',
    remedy: 'Add an app or a passkey first.',
  },
  passkeyInvalid: {
    code: 'factors.passkey_invalid',
    status: 400,
    title: 'What the browser answered is no passkey for this site.',
    remedy:
      'Begin again at `POST /auth/passkeys/options`, from a page of one of WEBAUTHN_ORIGINS; `detail` says what was wrong.',
  },
  passkeyUpgradeOff: {
    code: 'factors.passkey_upgrade_off',
    status: 403,
    title: 'Browsers make no passkeys unasked here.',
    remedy: 'Ask for one without `upgrade`. Operators: it takes PASSKEY_UPGRADE=on.',
  },
  mailProofNeeded: {
    code: 'factors.mail_proof_needed',
    status: 403,
    title: 'The first factor of an account is added by who reads its mail.',
    remedy:
      'Ask for a code at `POST /auth/factors/proof`, and send the request again with `proof`: its ticket, and the code of the mail. Nothing has been consumed.',
  },
  lastWayIn: {
    code: 'factors.last_way_in',
    status: 409,
    title: 'Without it nobody could sign in to the account.',
    remedy:
      'Add another way in first: a passkey, or a password where one signs in here. An administrator can remove the factors once RECOVERY, by mail, lets the owner set a password.',
  },
});
