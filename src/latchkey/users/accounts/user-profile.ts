import { ApiProperty } from '@nestjs/swagger';
import type { UserStatus } from './user.entity.js';

export const USER_STATUSES = ['active', 'disabled'] as const satisfies UserStatus[];

/** What is told about an account, to its owner and to admins. */
export class UserProfile {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty({ example: 'ada@example.com' })
  email!: string;

  @ApiProperty()
  emailVerified!: boolean;

  @ApiProperty({ type: String, nullable: true, example: 'Ada Lovelace' })
  name!: string | null;

  @ApiProperty({ type: [String], example: ['user'] })
  roles!: string[];

  @ApiProperty({ enum: USER_STATUSES })
  status!: UserStatus;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;
}
