import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray } from 'class-validator';

/** A query field that is one list, such as `a,b`. Given twice it would be unclear what is meant. */
export function CommaSeparated({ max }: { readonly max: number }): PropertyDecorator {
  return applyDecorators(
    // One too many is enough to be refused by.
    Transform(({ value }) => (typeof value === 'string' ? value.split(',', max + 1) : null)),
    IsArray({ message: '$property must be given once, as a list with commas' }),
    ArrayMaxSize(max),
  );
}
