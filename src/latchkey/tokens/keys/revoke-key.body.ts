import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsText } from '../../platform/http/validation/is-text.js';
import { MayBeAbsent } from '../../platform/http/validation/may-be-absent.js';

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
