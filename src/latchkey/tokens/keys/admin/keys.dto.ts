import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsBoolean, IsIn } from 'class-validator';
import {
  JWT_ALGORITHMS,
  type JwtAlgorithm,
} from '../../../access/verification/verification-keys.js';
import { IsText, MayBeAbsent } from '../../../platform/http/validation/field.decorators.js';
import {
  SIGNING_KEY_PURPOSES,
  SIGNING_KEY_STATUSES,
  type SigningKeyPurpose,
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

  @ApiPropertyOptional({
    enum: SIGNING_KEY_PURPOSES,
    default: 'access',
    description: '`id_token`: the keys that sign ID tokens alone, where there are any.',
  })
  @MayBeAbsent()
  @IsIn(SIGNING_KEY_PURPOSES)
  purpose: SigningKeyPurpose = 'access';
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
    enum: SIGNING_KEY_PURPOSES,
    description: '`id_token`: signs ID tokens and logout tokens alone.',
  })
  purpose!: SigningKeyPurpose;

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

  static of({
    kid,
    algorithm,
    purpose,
    status,
    createdAt,
    statusChangedAt,
  }: SigningKeyRow): KeyView {
    return {
      kid,
      algorithm,
      purpose,
      status,
      createdAt: createdAt.toISOString(),
      statusChangedAt: statusChangedAt.toISOString(),
    };
  }
}
