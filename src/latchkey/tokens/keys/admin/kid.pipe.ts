import { Injectable, type PipeTransform } from '@nestjs/common';
import { requestErrors } from '../../../platform/errors/request.errors.js';

/** What a key's thumbprint looks like (RFC 7638, SHA-256, base64url). */
export const KID = /^[\w-]{43}$/;

/** `@Param('kid', KidParam)`: the path's `kid` could be a key's, or the request is invalid. */
@Injectable()
export class KidParam implements PipeTransform<string, string> {
  transform(value: string): string {
    if (KID.test(value)) return value;
    const message = 'kid must be the kid of a key: 43 characters of base64url';
    throw requestErrors.invalid({ fields: [{ field: 'kid', message }] });
  }
}
