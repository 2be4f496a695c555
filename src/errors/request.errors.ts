import { defineErrors } from './define-errors.js';

/** What can be wrong with any request, before a feature has seen it. */
export const requestErrors = defineErrors({
  invalid: {
    code: 'request.invalid',
    status: 400,
    title: 'The request has fields that are missing, unknown or wrong.',
    remedy: 'Correct every field that `errors` names and send the request again.',
  },
  malformed: {
    code: 'request.malformed',
    status: 400,
    title: 'The request could not be read.',
    remedy: 'Send well-formed JSON in UTF-8, and each credential in one place only.',
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
    remedy: 'Send less: a body may have 64 KiB.',
  },
  unsupportedMediaType: {
    code: 'request.unsupported_media_type',
    status: 415,
    title: 'The body is of a type that is not understood.',
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
