import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsObject, ValidateNested } from 'class-validator';
import { IsText } from '../../../platform/http/validation/is-text.js';
import { MayBeAbsent } from '../../../platform/http/validation/may-be-absent.js';
import { SessionFilterBody } from './session-filter.body.js';

export class RevokeSessionsBody {
  @ApiProperty({ type: SessionFilterBody })
  @IsObject()
  @ValidateNested()
  @Type(() => SessionFilterBody)
  filter!: SessionFilterBody;

  @ApiProperty({
    example: 'A laptop was stolen.',
    maxLength: 500,
    description: 'Kept in the audit trail.',
  })
  @IsText({ min: 1, max: 500 })
  reason!: string;

  @ApiPropertyOptional({ description: 'Only says how many sessions match.' })
  @MayBeAbsent()
  @IsBoolean()
  dryRun?: boolean;
}
