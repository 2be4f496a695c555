import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { IsText } from '../http/is-text.js';
import { MayBeAbsent } from '../http/may-be-absent.js';
import { IsPassword, PASSWORD_LIMITS } from '../passwords/is-password.js';
import { MAX_EMAIL_LENGTH } from '../users/plain-address.js';

export const DELIVERIES = ['cookie', 'body'] as const;
export type Delivery = (typeof DELIVERIES)[number];

/** How the caller wants the refresh token that it is given; by cookie unless it says otherwise. */
export function IsDelivery(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      enum: DELIVERIES,
      default: 'cookie',
      description: 'How the refresh token comes: browsers by cookie, everything else in the body.',
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
