import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** The standard claims of OpenID Connect Core section 5.1 that there are, and roles. */
export class UserinfoResponse {
  @ApiProperty({ format: 'uuid' })
  sub!: string;

  @ApiPropertyOptional({ description: 'With the scope `profile`.' })
  name?: string;

  @ApiPropertyOptional({ description: 'With the scope `profile`.' })
  locale?: string;

  @ApiPropertyOptional({ description: 'With the scope `email`.' })
  email?: string;

  @ApiPropertyOptional({ description: 'With the scope `email`.' })
  email_verified?: boolean;

  @ApiPropertyOptional({ type: [String], description: 'With the scope `roles`.' })
  roles?: string[];
}
