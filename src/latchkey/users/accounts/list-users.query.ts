import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../../platform/http/page.js';
import { IsText } from '../../platform/http/validation/is-text.js';
import { MAX_EMAIL_LENGTH } from '../../platform/http/validation/plain-address.js';
import type { UserStatus } from './user.entity.js';
import { USER_STATUSES } from './user-profile.js';

export class ListUsersQuery extends PageQuery {
  @ApiPropertyOptional({
    maxLength: MAX_EMAIL_LENGTH,
    description: 'An e-mail address or the beginning of one; case does not matter.',
  })
  @IsOptional()
  @IsText({ max: MAX_EMAIL_LENGTH })
  email?: string;

  @ApiPropertyOptional({ enum: USER_STATUSES })
  @IsOptional()
  @IsIn(USER_STATUSES)
  status?: UserStatus;
}
