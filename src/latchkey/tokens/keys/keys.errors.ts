import { defineErrors } from '../../platform/errors/define-errors.js';

export const keysErrors = defineErrors({
  notFound: {
    code: 'keys.not_found',
    status: 404,
    title: 'There is no such signing key.',
    remedy: 'List the keys with `GET /admin/keys` and take a `kid` from there.',
  },
  nextTooNew: {
    code: 'keys.next_too_new',
    status: 409,
    title: 'The next signing key has not been published long enough for every verifier to know it.',
    remedy:
      'Try again after the number of seconds in `Retry-After`. With `force: true` the key signs at once, and verifiers that do not fetch the JWKS for an unknown `kid` refuse its tokens for some minutes.',
  },
});
