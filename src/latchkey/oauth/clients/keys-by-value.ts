import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';
import { MayBeAbsent } from '../../platform/http/validation/field.decorators.js';

const MESSAGE =
  '$property is not supported: this server fetches no keys. Give the public keys themselves, as jwks';

function IsNotSupported(): PropertyDecorator {
  return applyDecorators(
    MayBeAbsent(),
    ValidateBy({
      name: 'isNotSupported',
      validator: { validate: () => false, defaultMessage: () => MESSAGE },
    }),
  );
}

/** Whoever gives an address of keys (RFC 7591 section 2) is told what to give in its place. */
export class KeysByValue {
  @IsNotSupported()
  jwksUri?: never;

  @IsNotSupported()
  jwks_uri?: never;
}
