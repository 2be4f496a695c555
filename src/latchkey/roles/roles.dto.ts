import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsOptional } from 'class-validator';
import { DEMANDABLE_LEVELS, type DemandableLevel } from '../access/assurance.js';
import { type Page } from '../platform/http/answers/page.js';
import { IsText, MayBeAbsent } from '../platform/http/validation/field.decorators.js';
import { IsPermission } from './is-permission.decorator.js';
import { type Role } from './role.entity.js';
import { IsRoleName, ROLE_NAME } from './role-name.js';

export const MAX_PERMISSIONS_PER_ROLE = 100;
export const MAX_DESCRIPTION_LENGTH = 500;

const REQUIRED_ACR = {
  type: String,
  enum: DEMANDABLE_LEVELS,
  nullable: true,
  description: 'What a session must reach to have the role; null: every session has it.',
} as const;

function IsRequiredAcr(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ ...REQUIRED_ACR, example: 'aal2' }),
    IsOptional(),
    IsIn(DEMANDABLE_LEVELS),
  );
}

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

  @IsRequiredAcr()
  requiredAcr?: DemandableLevel | null;
}

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

  @IsRequiredAcr()
  requiredAcr?: DemandableLevel | null;
}

export class RoleView {
  @ApiProperty({ example: 'editor' })
  name!: string;

  @ApiProperty({ type: String, nullable: true })
  description!: string | null;

  @ApiProperty({ type: [String], example: ['notes:read', 'notes:write'] })
  permissions!: string[];

  @ApiProperty(REQUIRED_ACR)
  requiredAcr!: DemandableLevel | null;

  @ApiProperty({ description: 'Comes with Latchkey and cannot be deleted.' })
  builtIn!: boolean;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt!: string;

  static of(role: Role): RoleView {
    const { name, description, permissions, requiredAcr, builtIn, createdAt, updatedAt } = role;
    return {
      name,
      description,
      permissions,
      requiredAcr,
      builtIn,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    };
  }
}

export class PermissionsPage implements Page<string> {
  @ApiProperty({ type: [String], example: ['*', 'notes:read', 'users:read'] })
  items!: string[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
