import { ApiPropertyOptional } from '@nestjs/swagger';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsPassword, PASSWORD_LIMITS } from '../../users/passwords/is-password.decorator.js';
import { ProofBody } from '../mail/mail-proof.dto.js';
import type { OwnersPassword } from './confirm-address.js';

export class ConfirmAddressBody extends ProofBody {
  @ApiPropertyOptional({
    ...PASSWORD_LIMITS,
    example: 'correct horse battery staple',
    description: 'The account’s: it is kept. After `auth.password_needed`.',
  })
  @MayBeAbsent()
  @IsPassword()
  password?: string;

  @ApiPropertyOptional({
    ...PASSWORD_LIMITS,
    example: 'a crooked mile on a rainy day',
    description: 'In place of the account’s. After `auth.password_needed`.',
  })
  @MayBeAbsent()
  @IsPassword()
  newPassword?: string;

  /** @throws LatchkeyError `request.invalid` when there are both */
  static passwordOf({ password, newPassword }: ConfirmAddressBody): OwnersPassword {
    if (password === undefined) return newPassword === undefined ? {} : { newPassword };
    if (newPassword === undefined) return { password };
    const message = 'newPassword must not come with password';
    throw requestErrors.invalid({ fields: [{ field: 'newPassword', message }] });
  }
}
