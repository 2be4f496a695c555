import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ASSURANCE_LEVELS, type AssuranceLevel } from '../../access/assurance.js';
import { IsText, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { UserProfile } from '../../users/accounts/users.dto.js';
import type { GrantedAccess } from '../sign-in/start-session.js';

/** No token is longer: an access token sent here by mistake is told that it is not a refresh token. */
const MAX_REFRESH_TOKEN_LENGTH = 4096;

/** For refresh and logout alike. A browser sends no body: its token is in the cookie. */
export class RefreshBody {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: MAX_REFRESH_TOKEN_LENGTH,
    description: 'Required unless the cookie carries it.',
  })
  @MayBeAbsent()
  @IsText({ min: 1, max: MAX_REFRESH_TOKEN_LENGTH })
  refreshToken?: string;
}

export const DELIVERED = 'With cookie delivery the refresh token comes by Set-Cookie instead';

/** An access token (RFC 6749 section 5.1, in camelCase). */
export class AccessTokenView {
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
}

/** What signing in and refreshing answer. */
export class TokenResponse extends AccessTokenView {
  @ApiProperty({ format: 'uuid' })
  sessionId!: string;

  @ApiPropertyOptional({
    description: 'Only with body delivery; with cookie delivery it is in the cookie.',
  })
  refreshToken?: string;

  @ApiProperty({
    type: 'integer',
    description: 'Seconds until the session ends unless it is refreshed.',
  })
  refreshExpiresIn!: number;

  @ApiProperty({ enum: ASSURANCE_LEVELS, description: 'How sure it is who signed in.' })
  acr!: AssuranceLevel;

  @ApiProperty({
    type: [String],
    example: [],
    description: 'Roles that are held and demand more than the session has shown: step up.',
  })
  withheld!: readonly string[];

  @ApiProperty({ type: UserProfile })
  user!: UserProfile;

  /** Without the refresh token, which body delivery adds. */
  static of({ accessToken, expiresIn, session, withheld, user }: GrantedAccess): TokenResponse {
    return {
      accessToken,
      tokenType: 'Bearer',
      expiresIn,
      sessionId: session.id,
      refreshExpiresIn: session.refreshExpiresInSeconds,
      acr: session.acr,
      withheld,
      user,
    };
  }
}
