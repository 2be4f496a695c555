import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Length, MaxLength } from 'class-validator';
import { ClientForm, MISSING_OR_TOO_LONG } from './client-form.js';

const MAX_TOKEN_LENGTH = 8 * 1024;

/** A token that is to be judged or revoked (RFC 7662 section 2.1, RFC 7009 section 2.1). */
export class ShownToken extends ClientForm {
  @ApiProperty({ minLength: 1, maxLength: MAX_TOKEN_LENGTH })
  @Length(1, MAX_TOKEN_LENGTH, { message: MISSING_OR_TOO_LONG })
  token!: string;

  @ApiPropertyOptional({ maxLength: 200, example: 'access_token' })
  @IsOptional()
  @MaxLength(200)
  token_type_hint?: string;
}
