import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, MaxLength } from 'class-validator';
import { ClientForm } from './client-form.js';

const MAX_TOKEN_LENGTH = 8 * 1024;

/** A token that is to be judged or revoked (RFC 7662 section 2.1, RFC 7009 section 2.1). */
export class ShownToken extends ClientForm {
  @ApiProperty({ maxLength: MAX_TOKEN_LENGTH })
  @MaxLength(MAX_TOKEN_LENGTH)
  token!: string;

  @ApiPropertyOptional({ maxLength: 200, example: 'access_token' })
  @IsOptional()
  @MaxLength(200)
  token_type_hint?: string;
}
