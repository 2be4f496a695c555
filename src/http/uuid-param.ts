import { ParseUUIDPipe } from '@nestjs/common';
import { requestErrors } from '../errors/request.errors.js';

/** `@Param('id', UuidParam)`: the path's `id` must be a UUID, or the request is invalid. */
export const UuidParam = new ParseUUIDPipe({
  exceptionFactory: () =>
    requestErrors.invalid({ fields: [{ field: 'id', message: 'id must be a UUID' }] }),
});
