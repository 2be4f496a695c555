import { ApiProperty } from '@nestjs/swagger';
import type { Role } from './role.entity.js';

export class RoleView {
  @ApiProperty({ example: 'editor' })
  name!: string;

  @ApiProperty({ type: String, nullable: true })
  description!: string | null;

  @ApiProperty({ type: [String], example: ['notes:read', 'notes:write'] })
  permissions!: string[];

  @ApiProperty({ description: 'Comes with Latchkey and cannot be deleted.' })
  builtIn!: boolean;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt!: string;

  static of(role: Role): RoleView {
    const { name, description, permissions, builtIn, createdAt, updatedAt } = role;
    return {
      name,
      description,
      permissions,
      builtIn,
      createdAt: createdAt.toISOString(),
      updatedAt: updatedAt.toISOString(),
    };
  }
}
