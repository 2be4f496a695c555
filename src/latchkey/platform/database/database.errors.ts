import { defineErrors } from '../errors/define-errors.js';

export const databaseErrors = defineErrors({
  unavailable: {
    code: 'database.unavailable',
    status: 503,
    title: 'The database cannot be reached.',
    remedy: 'Try again after the number of seconds in `Retry-After`; nothing has been lost.',
  },
});
