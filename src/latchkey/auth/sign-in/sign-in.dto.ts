import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { MAX_EMAIL_LENGTH } from '../../platform/http/validation/email-address.js';
import { IsText, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { IsPassword, PASSWORD_LIMITS } from '../../users/passwords/is-password.decorator.js';

/** How a refresh token reaches the client: in the session cookie, or in the body of the answer. */
export const DELIVERIES = ['cookie', 'body'] as const;
/** One of `DELIVERIES`. */
export type Delivery = (typeof DELIVERIES)[number];

/** How the caller wants the refresh token that it is given; by cookie unless it says otherwise. */
export function IsDelivery(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      enum: DELIVERIES,
      default: 'cookie',
      description:
        'How the refresh token is delivered: `cookie` for browsers, `body` for everything else.',
    }),
    MayBeAbsent(),
    IsIn(DELIVERIES),
  );
}

export class LoginBody {
  @ApiProperty({ example: 'ada@example.com', minLength: 1, maxLength: MAX_EMAIL_LENGTH })
  @IsText({ min: 1, max: MAX_EMAIL_LENGTH })
  email!: string;

  @ApiProperty({ ...PASSWORD_LIMITS, example: 'correct horse battery staple' })
  @IsPassword()
  password!: string;

  @IsDelivery()
  delivery: Delivery = 'cookie';
}
