import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsOptional } from 'class-validator';
import { IsText } from '../http/is-text.js';
import { IsPassword } from '../passwords/is-password.js';
import { MAX_EMAIL_LENGTH } from '../users/email-key.js';

export class RegisterBody {
  @ApiProperty({ example: 'ada@example.com', maxLength: MAX_EMAIL_LENGTH })
  @IsText({ min: 3, max: MAX_EMAIL_LENGTH })
  @IsEmail()
  email!: string;

  @ApiProperty({ example: 'correct horse battery staple' })
  @IsPassword()
  password!: string;

  @ApiPropertyOptional({ example: 'Ada Lovelace' })
  @IsOptional()
  @IsText({ min: 1, max: 200 })
  name?: string;
}
