import { defineErrors } from '../../platform/errors/define-errors.js';

export const verificationErrors = defineErrors({
  off: {
    code: 'auth.email_verification_off',
    status: 403,
    title: 'Addresses are not verified by mail here.',
    remedy:
      'Operators: it takes EMAIL_VERIFICATION=optional or required, and in production MAIL_URL, the mail server.',
  },
  passwordNeeded: {
    code: 'auth.password_needed',
    status: 403,
    title: 'Say the password of the account, or choose a new one.',
    remedy:
      'The account was registered in another browser, by somebody who may not be the owner of its address. Send the same proof with `password` or `newPassword`: it has not been consumed.',
  },
});
