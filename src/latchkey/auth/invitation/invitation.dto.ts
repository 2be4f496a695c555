import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsBoolean, IsOptional } from 'class-validator';
import { IsEmailAddress, MAX_EMAIL_LENGTH } from '../../platform/http/validation/email-address.js';
import { IsLine, IsText, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsLocale } from '../../platform/mail/locale.js';
import { IsRoleName } from '../../roles/role-name.js';
import { MAX_NAME_LENGTH, MAX_ROLES_PER_USER } from '../../users/accounts/users.dto.js';
import { IsPassword, PASSWORD_LIMITS } from '../../users/passwords/is-password.decorator.js';
import { ProofBody } from '../mail/mail-proof.dto.js';

const NAME = {
  type: String,
  nullable: true,
  minLength: 1,
  maxLength: MAX_NAME_LENGTH,
  example: 'Ada Lovelace',
} as const;

export class InviteUserBody {
  @ApiProperty({ format: 'email', example: 'ada@example.com', maxLength: MAX_EMAIL_LENGTH })
  @IsText({ min: 3, max: MAX_EMAIL_LENGTH })
  @IsEmailAddress()
  email!: string;

  @ApiPropertyOptional(NAME)
  @IsOptional()
  @IsLine({ min: 1, max: MAX_NAME_LENGTH })
  name?: string | null;

  @ApiPropertyOptional({
    type: [String],
    maxItems: MAX_ROLES_PER_USER,
    example: ['user', 'editor'],
    description:
      'Every role that the user is to hold, which takes `roles:assign`, too. Without it: the role of every new account.',
  })
  @MayBeAbsent()
  @IsArray()
  @ArrayMaxSize(MAX_ROLES_PER_USER)
  @IsRoleName({ each: true })
  roles?: string[];

  @IsLocale()
  locale?: string | null;

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description:
      'Of an address that somebody has registered and never proved: whoever did loses the account at once, and its owner is invited.',
  })
  @MayBeAbsent()
  @IsBoolean()
  takeOver?: boolean;
}

export class AcceptInvitationBody extends ProofBody {
  @ApiProperty({ ...PASSWORD_LIMITS, example: 'a crooked mile on a rainy day' })
  @IsPassword()
  newPassword!: string;

  @ApiPropertyOptional({ ...NAME, description: 'In place of the one of the invitation.' })
  @IsOptional()
  @IsLine({ min: 1, max: MAX_NAME_LENGTH })
  name?: string | null;
}
