import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray } from 'class-validator';
import { IsRoleName } from '../../roles/role-name.js';

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
