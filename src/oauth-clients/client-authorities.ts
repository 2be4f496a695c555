import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { HeldAuthorities, type RoleHolders } from '../roles/held-authorities.js';
import type { HeldAuthority } from '../roles/held-authority.js';

@Injectable()
export class ClientAuthorities implements RoleHolders, OnModuleInit {
  constructor(private readonly authorities: HeldAuthorities) {}

  onModuleInit(): void {
    this.authorities.add(this);
  }

  async heldBy(manager: EntityManager, clientId: string): Promise<HeldAuthority> {
    const rows: { name: string; permissions: string[] }[] = await manager.query(
      `SELECT role.name, role.permissions
       FROM oauth_clients client
         JOIN oauth_client_roles held ON held.client_id = client.id
         JOIN roles role ON role.name = held.role_name
       WHERE client.id = $1 AND client.status = 'active'`,
      [clientId],
    );
    return {
      roles: rows.map((role) => role.name),
      permissions: rows.flatMap((role) => role.permissions),
    };
  }
}
