import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { PageQuery } from '../platform/http/answers/page.js';
import { IsText } from '../platform/http/validation/field.decorators.js';
import { IsInstant } from '../platform/http/validation/is-instant.decorator.js';
import { ANOMALIES, type Anomaly } from './anomalies.js';
import {
  AUDIT_ACTIONS,
  AUDIT_OUTCOMES,
  AUDIT_TARGET_TYPES,
  type AuditAction,
} from './audit-action.js';
import { type AuditEvent } from './audit-event.entity.js';

/** Which events: those that meet all that is given. */
export class AuditEventsFilter {
  @ApiPropertyOptional({ format: 'uuid', description: 'The account that acted.' })
  @IsOptional()
  @IsUUID()
  actorId?: string;

  @ApiPropertyOptional({ description: 'The user, session, role or key that was acted on.' })
  @IsOptional()
  @IsText({ min: 1, max: 200 })
  targetId?: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description:
      'All that this account did, and that was done to it or to its sessions; also once it has been deleted.',
  })
  @IsOptional()
  @IsUUID()
  userId?: string;

  @ApiPropertyOptional({ enum: AUDIT_ACTIONS })
  @IsOptional()
  @IsIn(AUDIT_ACTIONS)
  action?: AuditAction;

  @ApiPropertyOptional({ enum: ANOMALIES, description: 'Events with this mark.' })
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

export class AuditEventsQuery extends IntersectionType(AuditEventsFilter, PageQuery) {}

export class AuditEventView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, enum: AUDIT_ACTIONS })
  action!: string;

  @ApiProperty({ type: String, enum: AUDIT_OUTCOMES })
  outcome!: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  actorId!: string | null;

  @ApiProperty({ type: String, enum: AUDIT_TARGET_TYPES, nullable: true })
  targetType!: string | null;

  @ApiProperty({ type: String, nullable: true })
  targetId!: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  sessionId!: string | null;

  @ApiProperty({ type: String, nullable: true, example: '203.0.113.7' })
  ip!: string | null;

  @ApiProperty({ type: String, nullable: true })
  userAgent!: string | null;

  @ApiProperty({ type: String, nullable: true })
  requestId!: string | null;

  @ApiProperty({ type: String, nullable: true })
  reason!: string | null;

  @ApiProperty({ type: 'object', additionalProperties: true })
  details!: Record<string, unknown>;

  @ApiProperty({ type: String, enum: ANOMALIES, isArray: true })
  anomalies!: string[];

  static of(event: AuditEvent): AuditEventView {
    return { ...event, createdAt: event.createdAt.toISOString() };
  }
}
