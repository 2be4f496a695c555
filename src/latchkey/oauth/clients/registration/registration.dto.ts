import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { GRANT_TYPES, RESPONSE_TYPES } from './client-metadata.js';

const EXAMPLE = ['http://127.0.0.1/callback'];

/** RFC 7591 section 2, as far as it is taken; what is not known is ignored. */
export class ClientMetadataBody {
  @ApiProperty({
    type: [String],
    maxItems: 20,
    example: EXAMPLE,
    description: 'One to twenty, as those of a client that an administrator registers.',
  })
  redirect_uris!: string[];

  @ApiPropertyOptional({ maxLength: 100, example: 'Agent' })
  client_name?: string;

  @ApiPropertyOptional({ enum: ['none'], default: 'none' })
  token_endpoint_auth_method?: string;

  @ApiPropertyOptional({ type: [String], enum: GRANT_TYPES })
  grant_types?: string[];

  @ApiPropertyOptional({ type: [String], enum: RESPONSE_TYPES })
  response_types?: string[];

  @ApiPropertyOptional({ description: 'Replaced by all that such a client may ask for.' })
  scope?: string;
}

/** RFC 7591 section 3.2.1: what it is registered with. */
export class RegistrationResponse {
  @ApiProperty({ format: 'uuid' })
  client_id!: string;

  @ApiProperty({ type: 'integer', description: 'Seconds since 1970' })
  client_id_issued_at!: number;

  @ApiProperty({ example: 'Agent' })
  client_name!: string;

  @ApiProperty({ type: [String], example: EXAMPLE })
  redirect_uris!: string[];

  @ApiProperty({ enum: ['none'] })
  token_endpoint_auth_method!: string;

  @ApiProperty({ type: [String], enum: GRANT_TYPES })
  grant_types!: string[];

  @ApiProperty({ type: [String], enum: RESPONSE_TYPES })
  response_types!: string[];

  @ApiProperty({ description: 'What it may ask for', example: 'openid profile email' })
  scope!: string;
}
