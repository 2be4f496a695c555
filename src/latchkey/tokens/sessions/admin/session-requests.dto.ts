import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsBoolean, IsIn, IsObject, IsUUID, ValidateNested } from 'class-validator';
import { PageQuery } from '../../../platform/http/answers/page.js';
import {
  IsText,
  MayBeAbsent,
  toLowerCase,
} from '../../../platform/http/validation/field.decorators.js';
import { IsAddressRange } from '../../../platform/http/validation/is-address-range.decorator.js';
import { IsInstant } from '../../../platform/http/validation/is-instant.decorator.js';
import { SESSION_STATES, type SessionState } from '../sessions.dto.js';
import {
  MAX_ROLE_LENGTH,
  MAX_USER_AGENT_LENGTH,
  type SessionConditions,
} from '../store/session-conditions.js';

class SessionConditionsDto implements SessionConditions {
  @ApiPropertyOptional({ format: 'uuid' })
  @MayBeAbsent()
  @Transform(toLowerCase)
  @IsUUID()
  userId?: string;

  @ApiPropertyOptional({ description: 'Of users who hold this role now.' })
  @MayBeAbsent()
  @IsText({ min: 1, max: MAX_ROLE_LENGTH })
  role?: string;

  @ApiPropertyOptional({
    description: 'Started or last used from this address or range (CIDR).',
    example: '203.0.113.0/24',
  })
  @MayBeAbsent()
  @IsAddressRange()
  ip?: string;

  @ApiPropertyOptional({
    description: 'Part of the user agent that it was started or last used with; case is ignored.',
  })
  @MayBeAbsent()
  @IsText({ min: 1, max: MAX_USER_AGENT_LENGTH })
  userAgent?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Started before this time.' })
  @MayBeAbsent()
  @IsInstant()
  createdBefore?: string;
}

export class ListSessionsQuery extends IntersectionType(PageQuery, SessionConditionsDto) {
  @ApiPropertyOptional({ format: 'date-time', description: 'Started at this time or later.' })
  @MayBeAbsent()
  @IsInstant()
  createdAfter?: string;

  @ApiPropertyOptional({ enum: SESSION_STATES, default: 'live' })
  @MayBeAbsent()
  @IsIn(SESSION_STATES)
  state: SessionState = 'live';
}

/** Which sessions: all that meet every condition given. Nothing at all selects nothing. */
export class SessionFilterBody extends SessionConditionsDto {
  @ApiPropertyOptional({
    enum: [true],
    description: 'Everyone: the emergency stop. Stands alone, without other conditions.',
  })
  @MayBeAbsent()
  @IsIn([true])
  all?: true;
}

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
