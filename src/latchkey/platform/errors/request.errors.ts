import { defineErrors } from './define-errors.js';

/** What can be wrong with any request, before a feature has seen it. */
export const requestErrors = defineErrors({
  invalid: {
    code: 'request.invalid',
    status: 400,
    title: 'The request has fields that are missing, unknown or wrong.',
    remedy: 'Correct every field that `errors` names (twenty at most), and send the request again.',
  },
  malformed: {
    code: 'request.malformed',
    status: 400,
    title: 'The request could not be read.',
    remedy:
      'Send a well-formed JSON object in UTF-8 within the limits that `/docs` states, and each credential in one place only.',
  },
  notFound: {
    code: 'request.not_found',
    status: 404,
    title: 'There is no such route.',
    remedy: 'Check the method and the path against `/docs`.',
  },
  tooLarge: {
    code: 'request.too_large',
    status: 413,
    title: 'The request is too large.',
    remedy: 'Send less: a body may have 8 KiB, unless `/docs` states a larger limit for the route.',
  },
  headersTooLarge: {
    code: 'request.headers_too_large',
    status: 431,
    title: 'The headers of the request are too large.',
    remedy: 'Send less: the URL and the headers may have 16 KiB together.',
  },
  tooSlow: {
    code: 'request.too_slow',
    status: 408,
    title: 'The request did not arrive in time.',
    remedy:
      'Send the whole request again without pauses; the operator can allow more time with `REQUEST_TIMEOUT_SECONDS`.',
  },
  unsupportedMediaType: {
    code: 'request.unsupported_media_type',
    status: 415,
    title: 'The content type of the body is not supported.',
    remedy: 'Send JSON with `Content-Type: application/json`.',
  },
});

export const serverErrors = defineErrors({
  internal: {
    code: 'server.internal',
    status: 500,
    title: 'Something went wrong on the server.',
    remedy: 'Try again later; tell the operator the `requestId` if it persists.',
  },
});
