import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** RFC 7662 section 2.2. Of a token that is not live nothing else is said than that. */
export class Introspection {
  @ApiProperty()
  active!: boolean;

  @ApiPropertyOptional({ enum: ['Bearer'], description: 'Of an access token, and of no other.' })
  token_type?: 'Bearer';

  @ApiPropertyOptional({ description: 'The user, or the client itself' })
  sub?: string;

  @ApiPropertyOptional()
  client_id?: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Seconds since the epoch' })
  exp?: number;

  @ApiPropertyOptional()
  sid?: string;

  @ApiPropertyOptional({ type: [String] })
  roles?: string[];

  @ApiPropertyOptional({ type: [String] })
  permissions?: string[];

  /** And every other claim of an access token. */
  readonly [claim: string]: unknown;
}
