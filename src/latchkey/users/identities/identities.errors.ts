import { defineErrors } from '../../platform/errors/define-errors.js';

/** Those of identities at providers that people sign in through. */
export const identitiesErrors = defineErrors({
  notFound: {
    code: 'identities.not_found',
    status: 404,
    title: 'The account has no such identity.',
    remedy: 'Take an id from `GET /auth/identities`.',
  },
  taken: {
    code: 'identities.taken',
    status: 409,
    title: 'Another account here has this identity.',
    remedy: 'Sign in by it to that account, and remove it there first.',
  },
  tooMany: {
    code: 'identities.too_many',
    status: 409,
    title: 'The account has as many identities as one can have.',
    remedy: 'Remove one that is not used any more.',
  },
});
