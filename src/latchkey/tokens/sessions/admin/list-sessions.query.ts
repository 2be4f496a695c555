import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsUUID } from 'class-validator';
import { PageQuery } from '../../../platform/http/page.js';
import { IsAddressRange } from '../../../platform/http/validation/is-address-range.js';
import { IsInstant } from '../../../platform/http/validation/is-instant.js';
import { IsText } from '../../../platform/http/validation/is-text.js';
import { MayBeAbsent } from '../../../platform/http/validation/may-be-absent.js';
import { toLowerCase } from '../../../platform/http/validation/to-lower-case.js';
import { SESSION_STATES, type SessionState } from './admin-session.view.js';
import { MAX_ROLE_LENGTH, MAX_USER_AGENT_LENGTH } from './session-conditions.js';

export class ListSessionsQuery extends PageQuery {
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

  @ApiPropertyOptional({ format: 'date-time', description: 'Started at this time or later.' })
  @MayBeAbsent()
  @IsInstant()
  createdAfter?: string;

  @ApiPropertyOptional({ enum: SESSION_STATES, default: 'live' })
  @MayBeAbsent()
  @IsIn(SESSION_STATES)
  state: SessionState = 'live';
}
