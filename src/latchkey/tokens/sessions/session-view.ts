import { ApiProperty } from '@nestjs/swagger';
import type { Session } from './session.entity.js';

/** A live session as lists show it: never any token material. */
export class SessionView {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ format: 'uuid' })
  userId!: string;

  @ApiProperty()
  createdAt!: Date;

  @ApiProperty({ description: 'When it was last refreshed, or started.' })
  lastUsedAt!: Date;

  @ApiProperty({ description: 'When it ends unless it is refreshed.' })
  expiresAt!: Date;

  @ApiProperty({ description: 'Where it was last refreshed from, or started.' })
  ip!: string;

  @ApiProperty({ type: String, nullable: true })
  userAgent!: string | null;
}

export function toSessionView(session: Session): SessionView {
  const { lastRefreshedAt } = session;
  const idleEndsAtMs = lastRefreshedAt.getTime() + session.idleTtlSeconds * 1000;
  return {
    id: session.id,
    userId: session.userId,
    createdAt: session.createdAt,
    lastUsedAt: lastRefreshedAt,
    expiresAt: new Date(Math.min(idleEndsAtMs, session.expiresAt.getTime())),
    ip: session.lastIp,
    userAgent: session.lastUserAgent,
  };
}
