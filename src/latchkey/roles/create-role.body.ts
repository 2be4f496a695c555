import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsOptional } from 'class-validator';
import { IsText } from '../platform/http/validation/is-text.js';
import { IsPermission } from './is-permission.js';
import { IsRoleName, ROLE_NAME } from './role-name.js';

export const MAX_PERMISSIONS_PER_ROLE = 100;
export const MAX_DESCRIPTION_LENGTH = 500;

export class CreateRoleBody {
  @ApiProperty({ pattern: ROLE_NAME.source, example: 'editor' })
  @IsRoleName()
  name!: string;

  @ApiPropertyOptional({ type: String, nullable: true, maxLength: MAX_DESCRIPTION_LENGTH })
  @IsOptional()
  @IsText({ max: MAX_DESCRIPTION_LENGTH })
  description?: string | null;

  @ApiProperty({
    type: [String],
    maxItems: MAX_PERMISSIONS_PER_ROLE,
    example: ['notes:read', 'notes:write'],
    description: '`resource:action`, `resource:*` or `*`.',
  })
  @IsArray()
  @ArrayMaxSize(MAX_PERMISSIONS_PER_ROLE)
  @IsPermission({ each: true })
  permissions!: string[];
}
