import { ApiProperty } from '@nestjs/swagger';
import { ANOMALIES } from './anomaly.js';
import { AUDIT_ACTIONS, AUDIT_OUTCOMES, AUDIT_TARGET_TYPES } from './audit-action.js';
import type { AuditEvent } from './audit-event.entity.js';

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
