import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { RoleAssignments } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { ClientDirectory } from './client-directory.js';
import { generateClientSecret, hashClientSecret } from './client-secret.js';
import { ClientStore } from './client-store.js';
import type { ClientWithSecret, CreateClientBody } from './oauth-clients.dto.js';

@Injectable()
export class CreateClient {
  constructor(
    private readonly dataSource: DataSource,
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly store: ClientStore,
    private readonly directory: ClientDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * @returns the client, and the only sight of its secret
   * @throws LatchkeyError `request.invalid` naming `roles`, `roles.escalation`,
   *   `roles.too_large`
   */
  create({ name, roles }: CreateClientBody, actor: Actor): Promise<ClientWithSecret> {
    const id = uuidv7();
    const secret = generateClientSecret();
    const given = [...new Set(roles)];
    return this.dataSource.transaction(async (manager) => {
      await this.definitions.lock(manager);
      await this.assignments.authorizeChange(manager, { current: [], wanted: given }, actor);
      const secretHash = hashClientSecret(secret);
      await this.store.insert(manager, { id, name, secretHash, roles: given });
      await this.audit.record(manager, {
        action: 'client.created',
        actor,
        target: { type: 'client', id },
        details: { name, roles: given },
      });
      return { ...(await this.directory.get(id, manager)), secret };
    });
  }
}
