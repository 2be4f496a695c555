import { ApiProperty } from '@nestjs/swagger';
import { SESSION_END_REASONS, type SessionEndReason } from '../session.entity.js';
import { SessionView } from '../session-view.js';

/** `ended`: by somebody's doing. `expired`: by itself. */
export const SESSION_STATES = ['live', 'ended', 'expired'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** A session as administrators see it: never any token material. */
export class AdminSessionView extends SessionView {
  @ApiProperty({ enum: SESSION_STATES })
  state!: SessionState;

  @ApiProperty({ description: 'Where it was started from.', example: '203.0.113.7' })
  createdIp!: string;

  @ApiProperty({ type: String, nullable: true })
  createdUserAgent!: string | null;

  @ApiProperty({ type: Date, nullable: true, description: 'Null while it is live.' })
  endedAt!: Date | null;

  @ApiProperty({ type: String, enum: SESSION_END_REASONS, nullable: true })
  endReason!: SessionEndReason | null;
}
