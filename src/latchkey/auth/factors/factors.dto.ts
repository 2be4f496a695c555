import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsObject, ValidateIf, ValidateNested } from 'class-validator';
import { IsLine, IsText, MayBeAbsent } from '../../platform/http/validation/field.decorators.js';
import { FACTOR_KINDS, type FactorKind } from '../../users/factors/factor.entity.js';
import type { FactorSummary } from '../../users/factors/factor-store.js';

export const MAX_NAME_LENGTH = 100;
/** Apps show the six digits in groups. */
const MAX_CODE_LENGTH = 16;
const MAX_PROOF_LENGTH = 100;

/** A factor as its owner and admins see it: never what is secret of it. */
export class FactorView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ enum: FACTOR_KINDS })
  kind!: FactorKind;

  @ApiProperty({ type: String, nullable: true, example: 'My phone' })
  name!: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  lastUsedAt!: string | null;

  @ApiPropertyOptional({
    type: 'integer',
    example: 10,
    description: 'Of recovery codes: how many have not been used.',
  })
  left?: number;

  static of({ createdAt, lastUsedAt, left, ...factor }: FactorSummary): FactorView {
    const { id, kind, name } = factor;
    const times = {
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastUsedAt?.toISOString() ?? null,
    };
    return { id, kind, name, ...times, ...(left !== null && { left }) };
  }
}

export class FactorList {
  @ApiProperty({ type: [FactorView] })
  items!: FactorView[];

  static of(factors: readonly FactorSummary[]): FactorList {
    return { items: factors.map(FactorView.of) };
  }
}

export class OwnFactorList extends FactorList {
  @ApiProperty({
    description:
      'Whether adding a factor takes the code of a mail: `POST /auth/factors/proof`. It does for the first one, where mail is sent.',
  })
  proofNeeded!: boolean;

  @ApiProperty({
    description: 'Whether the account has a password, by which its owner could step up.',
  })
  hasPassword!: boolean;
}

/** Shown now, and never again. */
export class BegunTotpView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', description: 'To type into an app.' })
  secret!: string;

  @ApiProperty({ description: 'For a QR code: `otpauth://totp/…`. It holds the secret.' })
  uri!: string;
}

/** That the caller reads the mail of the account. */
export class MailProofBody {
  @ApiProperty({
    minLength: 1,
    maxLength: MAX_PROOF_LENGTH,
    description: 'Of the answer of `POST /auth/factors/proof`.',
  })
  @IsText({ min: 1, max: MAX_PROOF_LENGTH })
  ticket!: string;

  @ApiProperty({
    minLength: 1,
    maxLength: MAX_PROOF_LENGTH,
    description: 'Of the mail, in any case, with or without the dash.',
  })
  @IsText({ min: 1, max: MAX_PROOF_LENGTH })
  code!: string;
}

/** For the bodies that may add the first factor of an account. */
export function IsMailProof(): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: MailProofBody,
      description: 'For the first factor of an account, where mail is sent: see `proofNeeded`.',
    }),
    MayBeAbsent(),
    IsObject(),
    ValidateNested(),
    Type(() => MailProofBody),
  );
}

export class ConfirmTotpBody {
  @ApiProperty({
    minLength: 1,
    maxLength: MAX_CODE_LENGTH,
    example: '123456',
    description: 'What the app shows; spaces do not count.',
  })
  @IsText({ min: 1, max: MAX_CODE_LENGTH })
  code!: string;

  @IsMailProof()
  proof?: MailProofBody;
}

export class ConfirmedTotpView {
  @ApiPropertyOptional({
    type: [String],
    example: ['0123-4567-89AB-CDEF'],
    description: 'Shown now, and never again. Absent where the account had recovery codes already.',
  })
  recoveryCodes?: string[];
}

export class RecoveryCodesView {
  @ApiProperty({
    type: [String],
    example: ['0123-4567-89AB-CDEF'],
    description: 'Ten, each good once. Shown now, and never again.',
  })
  recoveryCodes!: string[];
}

export class RenameFactorBody {
  @ApiProperty({
    type: String,
    nullable: true,
    minLength: 1,
    maxLength: MAX_NAME_LENGTH,
    example: 'My phone',
    description: 'Null takes the name away.',
  })
  @ValidateIf((_, name) => name !== null)
  @IsLine({ min: 1, max: MAX_NAME_LENGTH })
  name!: string | null;
}

export class ResetFactorsQuery {
  @ApiPropertyOptional({ maxLength: 500, description: 'Kept in the audit trail.' })
  @MayBeAbsent()
  @IsText({ max: 500 })
  reason?: string;
}
