import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HeldAuthorities, type RoleHolders } from '../roles/held-authorities.js';
import type { HeldAuthority } from '../roles/held-authority.js';

@Injectable()
export class UserAuthorities implements RoleHolders, OnModuleInit {
  constructor(private readonly authorities: HeldAuthorities) {}

  onModuleInit(): void {
    this.authorities.add(this);
  }

  async heldBy(manager: EntityManager, userId: string): Promise<HeldAuthority> {
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
