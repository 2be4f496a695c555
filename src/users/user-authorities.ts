import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HeldAuthorities, type HeldAuthority } from '../roles/held-authority.js';

@Injectable()
export class UserAuthorities extends HeldAuthorities {
  override async heldBy(manager: EntityManager, userId: string | null): Promise<HeldAuthority> {
    const rows: { name: string; permissions: string[] }[] = await manager.query(
      `SELECT r.name, r.permissions
       FROM users u
         JOIN user_roles held ON held.user_id = u.id
         JOIN roles r ON r.name = held.role_name
       WHERE u.id = $1 AND u.status = 'active'`,
      [userId],
    );
    return {
      roles: rows.map((role) => role.name),
      permissions: rows.flatMap((role) => role.permissions),
    };
  }
}
