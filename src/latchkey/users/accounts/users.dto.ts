import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../../platform/http/answers/page.js';
import { MAX_EMAIL_LENGTH } from '../../platform/http/validation/email-address.js';
import { IsText, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsRoleName } from '../../roles/role-name.js';
import { type UserStatus } from './user.entity.js';
import { USER_STATUSES } from './user-profile.js';

export const MAX_ROLES_PER_USER = 100;

export class AssignRolesBody {
  @ApiProperty({
    type: [String],
    maxItems: MAX_ROLES_PER_USER,
    example: ['user', 'editor'],
    description: 'Every role that the user is to hold: those not named are taken away.',
  })
  @IsArray()
  @ArrayMaxSize(MAX_ROLES_PER_USER)
  @IsRoleName({ each: true })
  roles!: string[];
}

export class ChangeUserStatusBody {
  @ApiProperty({ enum: USER_STATUSES, example: 'disabled' })
  @IsIn(USER_STATUSES)
  status!: UserStatus;

  @ApiPropertyOptional({ maxLength: 500, description: 'Kept in the audit trail.' })
  @MayBeAbsent()
  @IsText({ max: 500 })
  reason?: string;
}

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
