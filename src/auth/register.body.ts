import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsLine } from '../http/is-line.js';
import { IsText } from '../http/is-text.js';
import { IsPassword, PASSWORD_LIMITS } from '../passwords/is-password.js';
import { IsEmailAddress } from '../users/is-email-address.js';
import { MAX_EMAIL_LENGTH } from '../users/plain-address.js';
import { MAX_NAME_LENGTH } from '../users/update-profile.body.js';

export class RegisterBody {
  @ApiProperty({ format: 'email', example: 'ada@example.com', maxLength: MAX_EMAIL_LENGTH })
  @IsText({ min: 3, max: MAX_EMAIL_LENGTH })
  @IsEmailAddress()
  email!: string;

  @ApiProperty({ ...PASSWORD_LIMITS, example: 'correct horse battery staple' })
  @IsPassword()
  password!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    example: 'Ada Lovelace',
  })
  @IsOptional()
  @IsLine({ min: 1, max: MAX_NAME_LENGTH })
  name?: string | null;
}
