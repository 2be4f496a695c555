import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsText } from '../../platform/http/validation/is-text.js';
import { MayBeAbsent } from '../../platform/http/validation/may-be-absent.js';
import type { UserStatus } from './user.entity.js';
import { USER_STATUSES } from './user-profile.js';

export class ChangeUserStatusBody {
  @ApiProperty({ enum: USER_STATUSES, example: 'disabled' })
  @IsIn(USER_STATUSES)
  status!: UserStatus;

  @ApiPropertyOptional({ maxLength: 500, description: 'Kept in the audit trail.' })
  @MayBeAbsent()
  @IsText({ max: 500 })
  reason?: string;
}
