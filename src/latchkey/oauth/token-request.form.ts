import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsOptional, Length, MaxLength } from 'class-validator';
import { ClientForm, MISSING_OR_TOO_LONG } from './client-form.js';

export const GRANT_TYPES = ['client_credentials', 'refresh_token'] as const;
export type GrantType = (typeof GRANT_TYPES)[number];

export class TokenRequest extends ClientForm {
  @ApiProperty({ enum: GRANT_TYPES })
  @Length(1, 200, { message: MISSING_OR_TOO_LONG })
  grant_type!: string;

  @ApiPropertyOptional({ maxLength: 200, description: 'Of the grant `refresh_token`.' })
  @IsOptional()
  @MaxLength(200)
  refresh_token?: string;

  @ApiPropertyOptional({ maxLength: 1000, description: 'There are none: must be absent.' })
  @IsOptional()
  @MaxLength(1000)
  scope?: string;

  @ApiPropertyOptional({
    type: [String],
    description: 'Of whom the token is for (RFC 8707); anything but `JWT_AUDIENCE` is refused.',
  })
  @IsOptional()
  @IsArray()
  resource?: string[];
}
