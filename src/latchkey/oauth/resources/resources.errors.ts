import { defineErrors } from '../../platform/errors/define-errors.js';

export const resourcesErrors = defineErrors({
  notFound: {
    code: 'resources.not_found',
    status: 404,
    title: 'There is no such resource.',
    remedy: 'Take an id from `GET /admin/resources`.',
  },
  identifierTaken: {
    code: 'resources.identifier_taken',
    status: 409,
    title: 'Tokens with this audience are for something else already.',
    remedy: 'Choose another identifier, or change the resource that has it.',
  },
  scopeTaken: {
    code: 'resources.scope_taken',
    status: 409,
    title: 'A scope of this name belongs to another resource.',
    remedy: 'Put the name of the resource in front, as in `orders:read`.',
  },
});
