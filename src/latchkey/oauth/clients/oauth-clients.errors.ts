import { defineErrors } from '../../platform/errors/define-errors.js';

export const clientsErrors = defineErrors({
  notFound: {
    code: 'clients.not_found',
    status: 404,
    title: 'There is no such client.',
    remedy: 'Take an id from `GET /admin/clients`.',
  },
});
