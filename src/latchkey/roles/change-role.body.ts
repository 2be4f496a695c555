import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional } from 'class-validator';
import { IsText } from '../platform/http/validation/is-text.js';
import { MayBeAbsent } from '../platform/http/validation/may-be-absent.js';
import { MAX_DESCRIPTION_LENGTH, MAX_PERMISSIONS_PER_ROLE } from './create-role.body.js';
import { IsPermission } from './is-permission.js';

/** What is absent stays as it is. */
export class ChangeRoleBody {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: MAX_DESCRIPTION_LENGTH,
    example: 'Reads what others wrote',
  })
  @IsOptional()
  @IsText({ max: MAX_DESCRIPTION_LENGTH })
  description?: string | null;

  @ApiPropertyOptional({
    type: [String],
    maxItems: MAX_PERMISSIONS_PER_ROLE,
    example: ['notes:read'],
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_PERMISSIONS_PER_ROLE)
  @IsPermission({ each: true })
  permissions?: string[];
}
