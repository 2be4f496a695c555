import { defineErrors } from '../../platform/errors/define-errors.js';

export const recoveryErrors = defineErrors({
  off: {
    code: 'auth.recovery_off',
    status: 403,
    title: 'Forgotten passwords are not replaced by mail here.',
    remedy:
      'Ask an administrator. Operators: it takes RECOVERY=on, and in production MAIL_URL, the mail server.',
  },
});
