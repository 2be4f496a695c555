import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsEmailAddress, MAX_EMAIL_LENGTH } from '../../platform/http/validation/email-address.js';
import { IsLine, IsText } from '../../platform/http/validation/field.decorators.js';
import { MAX_NAME_LENGTH, UserProfile } from '../../users/accounts/users.dto.js';
import { IsPassword, PASSWORD_LIMITS } from '../../users/passwords/is-password.decorator.js';

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

export class Registered {
  @ApiPropertyOptional({
    type: UserProfile,
    description: 'Absent where registration must not tell which addresses are known.',
  })
  user?: UserProfile;
}
