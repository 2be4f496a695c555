import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsEmailAddress } from '../../platform/http/validation/is-email-address.js';
import { IsLine } from '../../platform/http/validation/is-line.js';
import { IsText } from '../../platform/http/validation/is-text.js';
import { MAX_EMAIL_LENGTH } from '../../platform/http/validation/plain-address.js';
import { MAX_NAME_LENGTH } from '../../users/accounts/update-profile.body.js';
import { UserProfile } from '../../users/accounts/user-profile.js';
import { IsPassword, PASSWORD_LIMITS } from '../../users/passwords/is-password.js';

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
