import { ApiProperty } from '@nestjs/swagger';
import { IsPassword } from '../passwords/is-password.js';

export class ChangePasswordBody {
  @ApiProperty()
  @IsPassword()
  currentPassword!: string;

  @ApiProperty()
  @IsPassword()
  newPassword!: string;
}
