import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, Matches } from 'class-validator';
import { IsText, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsPassword, PASSWORD_LIMITS } from '../../users/passwords/is-password.decorator.js';
import { AccessTokenView } from '../session/session.dto.js';
import { type Delivery, IsDelivery } from '../sign-in/sign-in.dto.js';

const METHOD = /^[a-z][a-z_]{0,31}$/;
const MAX_CODE_LENGTH = 64;
const MAX_CHALLENGE_LENGTH = 200;

/** By which method a factor is shown, and what is shown by it. */
export class FactorBody {
  @ApiProperty({
    pattern: METHOD.source,
    example: 'totp',
    description: 'How a factor is shown: one of the `methods` that were offered.',
  })
  @Matches(METHOD, { message: 'method must be a word: lower-case letters and _, at most 32' })
  method!: string;

  @ApiPropertyOptional({
    minLength: 1,
    maxLength: MAX_CODE_LENGTH,
    example: '123456',
    description: 'Of methods that are shown by a code.',
  })
  @MayBeAbsent()
  @IsText({ min: 1, max: MAX_CODE_LENGTH })
  code?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Of a passkey: what the browser answered (WebAuthn Level 3, section 5.1).',
  })
  @MayBeAbsent()
  @IsObject()
  credential?: Record<string, unknown>;
}

export class SecondFactorBody extends FactorBody {
  @ApiProperty({
    minLength: 1,
    maxLength: MAX_CHALLENGE_LENGTH,
    example: 'lko_…',
    description: 'Of the answer `auth.second_factor_required`.',
  })
  @IsText({ min: 1, max: MAX_CHALLENGE_LENGTH })
  challenge!: string;

  @IsDelivery()
  delivery: Delivery = 'cookie';
}

export class StepUpBody extends FactorBody {
  @ApiPropertyOptional({ ...PASSWORD_LIMITS, description: 'Of the method `password`.' })
  @MayBeAbsent()
  @IsPassword()
  password?: string;
}

/** The access token that takes the place of the caller's; the session and its refresh token stay. */
export class StepUpResponse extends AccessTokenView {}
