import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray } from 'class-validator';
import { IsLine } from '../../platform/http/validation/is-line.js';
import { IsRoleName } from '../../roles/role-name.js';

export const MAX_CLIENT_NAME_LENGTH = 100;
export const MAX_ROLES_PER_CLIENT = 100;

export class CreateClientBody {
  @ApiProperty({ minLength: 1, maxLength: MAX_CLIENT_NAME_LENGTH, example: 'billing' })
  @IsLine({ min: 1, max: MAX_CLIENT_NAME_LENGTH })
  name!: string;

  @ApiProperty({
    type: [String],
    maxItems: MAX_ROLES_PER_CLIENT,
    example: [],
    description: 'What its own access tokens say, among the roles that the caller holds.',
  })
  @IsArray()
  @ArrayMaxSize(MAX_ROLES_PER_CLIENT)
  @IsRoleName({ each: true })
  roles!: string[];
}
