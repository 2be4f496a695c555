import { ApiProperty } from '@nestjs/swagger';

/** How many live sessions a request ended. */
export class RevokedSessions {
  @ApiProperty({ type: 'integer', minimum: 0 })
  revoked!: number;
}
