import { defineErrors } from '../../platform/errors/define-errors.js';

/** Those of accounts: `users.not_found` and `users.email_taken`. */
export const usersErrors = defineErrors({
  notFound: {
    code: 'users.not_found',
    status: 404,
    title: 'There is no such user.',
    remedy: 'Take an id from `GET /admin/users`.',
  },
  emailTaken: {
    code: 'users.email_taken',
    status: 409,
    title: 'There is an account with this e-mail address already.',
    remedy:
      'Sign in, or register with another address. Administrators: an invitation with `takeOver` takes an account from whoever registered the address and never proved it.',
  },
});
