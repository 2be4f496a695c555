import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { IsInstant } from '../platform/http/validation/is-instant.js';
import { IsText } from '../platform/http/validation/is-text.js';
import { ANOMALIES, type Anomaly } from './anomaly.js';
import { AUDIT_ACTIONS, type AuditAction } from './audit-action.js';

/** Which events: those that meet all that is given. */
export class AuditEventsFilter {
  @ApiPropertyOptional({ format: 'uuid', description: 'Who did it.' })
  @IsOptional()
  @IsUUID()
  actorId?: string;

  @ApiPropertyOptional({ description: 'The user, session, role or key that it was done to.' })
  @IsOptional()
  @IsText({ min: 1, max: 200 })
  targetId?: string;

  @ApiPropertyOptional({ enum: AUDIT_ACTIONS })
  @IsOptional()
  @IsIn(AUDIT_ACTIONS)
  action?: AuditAction;

  @ApiPropertyOptional({ enum: ANOMALIES, description: 'Marked with this.' })
  @IsOptional()
  @IsIn(ANOMALIES)
  anomaly?: Anomaly;

  @ApiPropertyOptional({ format: 'date-time', description: 'At this time or later.' })
  @IsOptional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'Before this time.' })
  @IsOptional()
  @IsInstant()
  to?: string;
}
