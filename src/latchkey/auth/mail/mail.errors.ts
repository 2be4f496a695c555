import { defineErrors } from '../../platform/errors/define-errors.js';

export const mailErrors = defineErrors({
  off: {
    code: 'mail.off',
    status: 403,
    title: 'No mail is sent here.',
    remedy: 'Operators: in production it takes MAIL_URL, the mail server.',
  },
});
