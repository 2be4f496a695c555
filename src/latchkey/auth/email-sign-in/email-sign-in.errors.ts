import { defineErrors } from '../../platform/errors/define-errors.js';

export const emailSignInErrors = defineErrors({
  off: {
    code: 'auth.email_sign_in_off',
    status: 403,
    title: 'Nobody signs in by mail here.',
    remedy: 'Operators: it takes EMAIL_SIGN_IN=on, and in production MAIL_URL, the mail server.',
  },
});
