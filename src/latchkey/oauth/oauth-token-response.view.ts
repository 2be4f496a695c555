import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** RFC 6749 section 5.1. */
export class OAuthTokenResponse {
  @ApiProperty()
  access_token!: string;

  @ApiProperty({ enum: ['Bearer'] })
  token_type!: 'Bearer';

  @ApiProperty({ type: 'integer', description: 'Seconds', example: 900 })
  expires_in!: number;

  @ApiPropertyOptional({ description: 'Only of the grant `refresh_token`.' })
  refresh_token?: string;
}
