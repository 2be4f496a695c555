import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { UserProfile } from '../../users/accounts/user-profile.js';
import type { GrantedAccess } from '../sign-in/granted-access.js';

export const DELIVERED = 'With cookie delivery the refresh token comes by Set-Cookie instead';

/** What signing in and refreshing answer (RFC 6749 section 5.1, in camelCase). */
export class TokenResponse {
  @ApiProperty()
  accessToken!: string;

  @ApiProperty({ enum: ['Bearer'] })
  tokenType!: 'Bearer';

  @ApiProperty({
    type: 'integer',
    description: 'Seconds until the access token ends.',
    example: 900,
  })
  expiresIn!: number;

  @ApiProperty({ format: 'uuid' })
  sessionId!: string;

  @ApiPropertyOptional({ description: 'Only with body delivery: a browser has it in its cookie.' })
  refreshToken?: string;

  @ApiProperty({
    type: 'integer',
    description: 'Seconds until the session ends unless it is refreshed.',
  })
  refreshExpiresIn!: number;

  @ApiProperty({ type: UserProfile })
  user!: UserProfile;

  /** Without the refresh token: whoever delivers it in the body adds it. */
  static of({ accessToken, expiresIn, session, user }: GrantedAccess): TokenResponse {
    return {
      accessToken,
      tokenType: 'Bearer',
      expiresIn,
      sessionId: session.id,
      refreshExpiresIn: session.refreshExpiresInSeconds,
      user,
    };
  }
}
