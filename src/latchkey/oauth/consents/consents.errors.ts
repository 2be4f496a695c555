import { defineErrors } from '../../platform/errors/define-errors.js';

export const consentsErrors = defineErrors({
  requestOver: {
    code: 'consents.request_over',
    status: 400,
    title: 'This request of an app is over, or was made to somebody else.',
    remedy: 'Go back to the app and begin again.',
  },
  notFound: {
    code: 'consents.not_found',
    status: 404,
    title: 'This app has no consent.',
    remedy:
      'List the consents again: your own with `GET /auth/consents`, those of an account with `GET /admin/users/:id/consents`.',
  },
});
