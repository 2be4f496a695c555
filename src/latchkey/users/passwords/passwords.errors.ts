import { defineErrors } from '../../platform/errors/define-errors.js';

export const passwordsErrors = defineErrors({
  busy: {
    code: 'auth.busy',
    status: 503,
    title: 'The server is checking as many passwords as it can.',
    remedy: 'Try again after the number of seconds in `Retry-After`.',
  },
  checkUnavailable: {
    code: 'passwords.check_unavailable',
    status: 503,
    title: 'New passwords cannot be checked at the moment.',
    remedy: 'Try again after the number of seconds in `Retry-After`.',
  },
});
