import { ApiProperty } from '@nestjs/swagger';
import { IsPassword, PASSWORD_LIMITS } from '../../users/passwords/is-password.js';
import { type Delivery, IsDelivery } from '../sign-in/login.body.js';

export class ChangePasswordBody {
  @ApiProperty({ ...PASSWORD_LIMITS, example: 'correct horse battery staple' })
  @IsPassword()
  currentPassword!: string;

  @ApiProperty({ ...PASSWORD_LIMITS, example: 'a crooked mile on a rainy day' })
  @IsPassword()
  newPassword!: string;

  @IsDelivery()
  delivery: Delivery = 'cookie';
}
