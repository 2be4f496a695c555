import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIP, IsUUID } from 'class-validator';
import { requestErrors } from '../../../platform/errors/request.errors.js';
import { IsText, MayBeAbsent } from '../../../platform/http/validation/field.decorators.js';
import type { ServiceLimit } from '../../../platform/limits/service-limit.js';
import type { Paused } from './pauses.js';

/** An account or an address, and not both. */
export class PausedQuery {
  @ApiPropertyOptional({ format: 'uuid', description: 'Attempts at this account.' })
  @MayBeAbsent()
  @IsUUID()
  userId?: string;

  @ApiPropertyOptional({
    example: '203.0.113.7',
    description: 'Attempts from this address; an IPv6 address stands for its /64.',
  })
  @MayBeAbsent()
  @IsIP()
  ip?: string;
}

export class LiftPausesBody extends PausedQuery {
  @ApiPropertyOptional({ maxLength: 500, description: 'Kept in the audit trail.' })
  @MayBeAbsent()
  @IsText({ max: 500 })
  reason?: string;
}

/** @throws LatchkeyError `request.invalid` unless exactly one of them is named */
export function pausedOf({ userId, ip }: PausedQuery): Paused {
  if (userId !== undefined && ip === undefined) return { userId };
  if (ip !== undefined && userId === undefined) return { ip };
  const message = 'name either userId or ip';
  throw requestErrors.invalid({
    fields: [
      { field: 'userId', message },
      { field: 'ip', message },
    ],
  });
}

/** A limit that refuses attempts now. */
export class PauseView {
  @ApiProperty({ example: 'sign-in-account', description: 'As in the `RateLimit` header.' })
  policy!: string;

  @ApiProperty({ type: 'integer', description: 'Seconds until attempts are let in again.' })
  retryAfterSeconds!: number;

  static of({ policy, resetSeconds }: ServiceLimit): PauseView {
    return { policy: policy.name, retryAfterSeconds: resetSeconds };
  }
}

export class PauseList {
  @ApiProperty({ type: [PauseView] })
  items!: PauseView[];

  static of(limits: readonly ServiceLimit[]): PauseList {
    return { items: limits.map(PauseView.of) };
  }
}
