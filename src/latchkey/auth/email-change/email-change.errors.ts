import { defineErrors } from '../../platform/errors/define-errors.js';

export const emailChangeErrors = defineErrors({
  off: {
    code: 'auth.email_change_off',
    status: 403,
    title: 'Addresses cannot be changed here: no mail is sent.',
    remedy: 'Operators: in production it takes MAIL_URL, the mail server.',
  },
});
