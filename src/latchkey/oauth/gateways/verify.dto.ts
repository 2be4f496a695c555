import { ApiPropertyOptional } from '@nestjs/swagger';
import { MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsPermission } from '../../roles/is-permission.decorator.js';
import { IsRoleName } from '../../roles/role-name.js';
import { CommaSeparated } from './comma-separated.decorator.js';

const MAX_NAMES = 20;

/** What a gateway demands beyond a valid token. */
export class VerifyQuery {
  @ApiPropertyOptional({
    type: String,
    example: 'admin,editor',
    description: 'Names with commas. The caller must have one of these roles.',
  })
  @MayBeAbsent()
  @CommaSeparated({ max: MAX_NAMES })
  @IsRoleName({ each: true })
  roles?: string[];

  @ApiPropertyOptional({
    type: String,
    example: 'reports:read,reports:write',
    description: 'Permissions with commas. The caller must hold every one, if by a wildcard.',
  })
  @MayBeAbsent()
  @CommaSeparated({ max: MAX_NAMES })
  @IsPermission({ each: true })
  permissions?: string[];
}
