import { ApiProperty } from '@nestjs/swagger';
import type { Page } from '../platform/http/page.js';

export class PermissionsPage implements Page<string> {
  @ApiProperty({ type: [String], example: ['*', 'notes:read', 'users:read'] })
  items!: string[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}
