import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsText } from '../http/is-text.js';

/** Far more than a refresh token has. */
const MAX_REFRESH_TOKEN_LENGTH = 512;

/** For refresh and logout alike. A browser sends no body: its token is in the cookie. */
export class RefreshBody {
  @ApiPropertyOptional({ example: 'lkr_…' })
  @IsOptional()
  @IsText({ min: 1, max: MAX_REFRESH_TOKEN_LENGTH })
  refreshToken?: string;
}
