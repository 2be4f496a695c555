import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { SessionCount } from '../cutoffs/session-count.js';
import { MAX_COUNTED } from '../cutoffs/session-counter.js';

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
