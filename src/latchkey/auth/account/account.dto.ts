import { ApiProperty, OmitType } from '@nestjs/swagger';
import { ASSURANCE_LEVELS, type AssuranceLevel } from '../../access/assurance.js';
import type { Principal } from '../../access/principal.js';
import { SessionView } from '../../tokens/sessions/sessions.dto.js';
import { IsPassword, PASSWORD_LIMITS } from '../../users/passwords/is-password.decorator.js';
import { type Delivery, IsDelivery } from '../sign-in/sign-in.dto.js';

export class ChangePasswordBody {
  @ApiProperty({ ...PASSWORD_LIMITS, example: 'correct horse battery staple' })
  @IsPassword()
  currentPassword!: string;

  @ApiProperty({ ...PASSWORD_LIMITS, example: 'a crooked mile on a rainy day' })
  @IsPassword()
  newPassword!: string;

  @IsDelivery()
  delivery: Delivery = 'cookie';
}

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

  @ApiProperty({
    type: [String],
    example: ['admin'],
    description: 'Roles that are held and demand more than the session has shown: step up.',
  })
  withheld!: readonly string[];

  @ApiProperty({ enum: ASSURANCE_LEVELS, description: 'How sure it is who signed in.' })
  acr!: AssuranceLevel;

  @ApiProperty({ type: [String], example: ['pwd'], description: 'What was shown (RFC 8176).' })
  amr!: readonly string[];

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'When what `acr` rests on was last shown: at the sign-in, or by stepping up.',
  })
  authTime!: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'When the access token expires.' })
  expiresAt!: string;

  static of(principal: Principal): MeView {
    const { userId, sessionId, roles, permissions, withheld, acr, authTime, expiresAt } = principal;
    return {
      userId,
      sessionId,
      roles,
      permissions,
      withheld,
      acr,
      amr: principal.authenticationMethods,
      authTime: isoTime(authTime),
      expiresAt: isoTime(expiresAt),
    };
  }
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** A session as its owner sees it. */
export class OwnSessionView extends OmitType(SessionView, ['userId']) {
  @ApiProperty({ description: 'Whether this request was made with this session.' })
  current!: boolean;

  static of({ userId: _, ...session }: SessionView, currentSessionId: string): OwnSessionView {
    return { ...session, current: session.id === currentSessionId };
  }
}
