import { Injectable, type PipeTransform } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import { requestErrors } from '../../errors/request.errors.js';

/**
 * `@Param('id', UuidParam)`: the path's `id` must be a UUID, or the request is invalid. It comes in
 * lower case, as tokens and the database write it: ids are compared and revoked as texts.
 */
@Injectable()
export class UuidParam implements PipeTransform<string, string> {
  transform(value: string): string {
    if (isUuid(value)) return value.toLowerCase();
    throw requestErrors.invalid({ fields: [{ field: 'id', message: 'id must be a UUID' }] });
  }
}
