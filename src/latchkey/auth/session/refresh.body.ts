import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsText } from '../../platform/http/validation/is-text.js';
import { MayBeAbsent } from '../../platform/http/validation/may-be-absent.js';

/** No token is longer: an access token sent here by mistake is told that it is not a refresh token. */
const MAX_REFRESH_TOKEN_LENGTH = 4096;

/** For refresh and logout alike. A browser sends no body: its token is in the cookie. */
export class RefreshBody {
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: MAX_REFRESH_TOKEN_LENGTH,
    description: 'Where it is not in the cookie.',
  })
  @MayBeAbsent()
  @IsText({ min: 1, max: MAX_REFRESH_TOKEN_LENGTH })
  refreshToken?: string;
}
