import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn } from 'class-validator';
import { IsLine } from '../../platform/http/validation/is-line.js';
import { MayBeAbsent } from '../../platform/http/validation/may-be-absent.js';
import { IsRoleName } from '../../roles/role-name.js';
import { MAX_CLIENT_NAME_LENGTH, MAX_ROLES_PER_CLIENT } from './create-client.body.js';
import { CLIENT_STATUSES, type ClientStatus } from './oauth-client.entity.js';

export class ChangeClientBody {
  @ApiPropertyOptional({ minLength: 1, maxLength: MAX_CLIENT_NAME_LENGTH, example: 'billing' })
  @MayBeAbsent()
  @IsLine({ min: 1, max: MAX_CLIENT_NAME_LENGTH })
  name?: string;

  @ApiPropertyOptional({
    type: [String],
    maxItems: MAX_ROLES_PER_CLIENT,
    example: [],
    description: 'Every role that it is to hold: those not named are taken away.',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_ROLES_PER_CLIENT)
  @IsRoleName({ each: true })
  roles?: string[];

  @ApiPropertyOptional({ enum: CLIENT_STATUSES, example: 'active' })
  @MayBeAbsent()
  @IsIn(CLIENT_STATUSES)
  status?: ClientStatus;
}
