import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsLine } from '../../platform/http/validation/field.decorators.js';

export const MAX_NAME_LENGTH = 200;

/** What is absent stays as it is. */
export class UpdateProfileBody {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    example: 'Ada Lovelace',
    description: 'Null takes the name away.',
  })
  @IsOptional()
  @IsLine({ min: 1, max: MAX_NAME_LENGTH })
  name?: string | null;
}
