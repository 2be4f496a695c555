import { ApiProperty } from '@nestjs/swagger';
import type { Principal } from '../../access/principal.js';

/** What the access token says, and nothing that would take a look into the database. */
export class MeView {
  @ApiProperty({ format: 'uuid' })
  userId!: string;

  @ApiProperty({ format: 'uuid' })
  sessionId!: string;

  @ApiProperty({ type: [String] })
  roles!: readonly string[];

  @ApiProperty({ type: [String] })
  permissions!: readonly string[];

  @ApiProperty({ type: String, format: 'date-time', description: 'When the user signed in.' })
  authTime!: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When the access token ends.' })
  expiresAt!: string;

  static of(principal: Principal): MeView {
    const { userId, sessionId, roles, permissions, authTime, expiresAt } = principal;
    return {
      userId,
      sessionId,
      roles,
      permissions,
      authTime: isoTime(authTime),
      expiresAt: isoTime(expiresAt),
    };
  }
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
