import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ASSURANCE_LEVELS, type AssuranceLevel } from '../../access/assurance.js';
import type { SessionAssurance } from '../assurance/session-assurance.js';
import type { Session } from './session.entity.js';
import { LATCHKEY_END_REASONS, type SessionEndReason } from './session-end-reason.js';
import { MAX_COUNTED, type SessionCount } from './store/cutoff-store.js';

/** `ended`: by somebody's doing. `expired`: by itself. */
export const SESSION_STATES = ['live', 'ended', 'expired'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** A live session as lists show it: never any token material. */
export class SessionView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  userId!: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The client that it is at; null: it is that of a sign-in.',
  })
  clientId!: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time', description: 'When it was last refreshed, or started.' })
  lastUsedAt!: string;

  @ApiProperty({ format: 'date-time', description: 'When it ends unless it is refreshed.' })
  expiresAt!: string;

  @ApiProperty({ description: 'Where it was last refreshed from, or started.' })
  ip!: string;

  @ApiProperty({ type: String, nullable: true })
  userAgent!: string | null;

  @ApiProperty({ enum: ASSURANCE_LEVELS, description: 'How sure it is who signed in.' })
  acr!: AssuranceLevel;

  @ApiProperty({ type: [String], example: ['pwd'], description: 'What has been shown (RFC 8176).' })
  amr!: readonly string[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When what `acr` rests on was last shown.',
  })
  authTime!: string;

  static of(session: Session): SessionView {
    const {
      id,
      userId,
      clientId,
      createdAt,
      lastRefreshedAt,
      lastIp: ip,
      lastUserAgent: userAgent,
    } = session;
    const idleEndsAtMilliseconds = lastRefreshedAt.getTime() + session.idleTtlSeconds * 1000;
    const expiresAt = Math.min(idleEndsAtMilliseconds, session.expiresAt.getTime());
    return {
      id,
      userId,
      clientId,
      createdAt: createdAt.toISOString(),
      lastUsedAt: lastRefreshedAt.toISOString(),
      expiresAt: new Date(expiresAt).toISOString(),
      ip,
      userAgent,
      ...assuranceView(session.assurance),
    };
  }
}

export function assuranceView({ acr, amr, authTime }: SessionAssurance) {
  return { acr, amr, authTime: new Date(authTime * 1000).toISOString() };
}

/** A session as administrators see it: never any token material. */
export class AdminSessionView extends SessionView {
  @ApiProperty({ enum: SESSION_STATES })
  state!: SessionState;

  @ApiProperty({ description: 'Where it was started from.', example: '203.0.113.7' })
  createdIp!: string;

  @ApiProperty({ type: String, nullable: true })
  createdUserAgent!: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Null while it is live.',
  })
  endedAt!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    example: 'logout',
    description: `One of ${LATCHKEY_END_REASONS.join(', ')}, or a reason of the application’s own.`,
  })
  endReason!: SessionEndReason | null;
}

/** How many live sessions a request ended. */
export class RevokedSessions {
  @ApiProperty({ type: 'integer', minimum: 0 })
  revoked!: number;

  @ApiPropertyOptional({
    enum: [true],
    description: `There were more than ${MAX_COUNTED}: the number is an estimate. All have ended.`,
  })
  estimated?: true;

  static of({ count, estimated }: SessionCount): RevokedSessions {
    return { revoked: count, ...(estimated && { estimated }) };
  }
}

/** How many live sessions a filter selected, and how many of them ended. */
export class RevokedByFilter extends RevokedSessions {
  @ApiProperty({ type: 'integer', minimum: 0 })
  matched!: number;
}
