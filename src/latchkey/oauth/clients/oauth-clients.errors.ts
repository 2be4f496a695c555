import { defineErrors } from '../../platform/errors/define-errors.js';

export const clientsErrors = defineErrors({
  notFound: {
    code: 'clients.not_found',
    status: 404,
    title: 'There is no such client.',
    remedy: 'Take an id from `GET /admin/clients`.',
  },
  hasNoSecret: {
    code: 'clients.has_no_secret',
    status: 409,
    title: 'This client has no secret: it is public, or it has keys.',
    remedy:
      'Make a client of the type `confidential`, without `jwks`, for a program that can keep one.',
  },
});
