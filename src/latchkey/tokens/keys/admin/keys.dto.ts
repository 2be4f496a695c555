import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean } from 'class-validator';
import {
  JWT_ALGORITHMS,
  type JwtAlgorithm,
} from '../../../access/verification/verification-keys.js';
import { IsText, MayBeAbsent } from '../../../platform/http/validation/field.decorators.js';
import {
  SIGNING_KEY_STATUSES,
  type SigningKeyRow,
  type SigningKeyStatus,
} from '../store/signing-key.entity.js';

export class RotateKeysBody {
  @ApiPropertyOptional({
    default: false,
    description: 'Rotate even if verifiers may not know the next key yet.',
  })
  @MayBeAbsent()
  @IsBoolean()
  force: boolean = false;
}

export class RevokeKeyBody {
  @ApiPropertyOptional({
    example: 'A backup was stolen.',
    minLength: 1,
    maxLength: 500,
    description: 'Kept in the audit trail.',
  })
  @MayBeAbsent()
  @IsText({ min: 1, max: 500 })
  reason?: string;
}

/** A signing key as admins see it: never what it signs with. */
export class KeyView {
  @ApiProperty({ description: 'The `kid` in the header of the tokens that it signed.' })
  kid!: string;

  @ApiProperty({ enum: JWT_ALGORITHMS })
  algorithm!: JwtAlgorithm;

  @ApiProperty({
    enum: SIGNING_KEY_STATUSES,
    description:
      '`next`: published, will sign. `current`: signs. `retired`: verifies until its last token has expired. `revoked`: does neither.',
  })
  status!: SigningKeyStatus;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it was published.' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  statusChangedAt!: string;

  static of({ kid, algorithm, status, createdAt, statusChangedAt }: SigningKeyRow): KeyView {
    return {
      kid,
      algorithm,
      status,
      createdAt: createdAt.toISOString(),
      statusChangedAt: statusChangedAt.toISOString(),
    };
  }
}
