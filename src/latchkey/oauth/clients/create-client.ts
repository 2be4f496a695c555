import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { RoleAssignments } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { OfferedAlgorithms } from '../id-tokens/offered-algorithms.js';
import { ClientDirectory } from './client-directory.js';
import { ClientScopes } from './client-scopes.js';
import { generateClientSecret, hashClientSecret } from './client-secret.js';
import { ClientStore } from './client-store.js';
import type { ClientWithSecret } from './client-views.dto.js';
import type { ClientType } from './oauth-client.entity.js';
import type { CreateClientBody } from './oauth-clients.dto.js';
import { type PublicJwks, publicPartOf } from './public-jwks.js';

@Injectable()
export class CreateClient {
  constructor(
    private readonly dataSource: DataSource,
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly scopes: ClientScopes,
    private readonly store: ClientStore,
    private readonly directory: ClientDirectory,
    private readonly audit: AuditTrail,
    private readonly algorithms: OfferedAlgorithms,
  ) {}

  /**
   * @returns the client, and the only sight of its secret, which a public one has not, nor one with keys
   * @throws LatchkeyError `request.invalid` naming `roles`, `scopes`, `jwks` or
   *   `idTokenSignedResponseAlg`, `roles.escalation`, `roles.too_large`, `roles.not_for_services`
   */
  create(body: CreateClientBody, actor: Actor): Promise<ClientWithSecret> {
    const { name, roles, jwks: keys, ...fields } = body;
    const jwks = keys === null ? null : publicPartOf(keys);
    const registration = { ...fields, jwks };
    const { type, firstParty, scopes } = registration;
    const id = uuidv7();
    const secret = type === 'public' || jwks !== null ? null : generateClientSecret();
    const given = [...new Set(roles)];
    requireNoRolesOfPublic(type, given);
    requireNoKeysOfPublic(type, jwks);
    this.algorithms.require(registration.idTokenSignedResponseAlg);
    return this.dataSource.transaction(async (manager) => {
      await this.definitions.lock(manager);
      await this.assignments.authorizeChange(manager, { current: [], wanted: given }, actor);
      await this.assignments.requireFitForServices(manager, given);
      if (firstParty) await this.assignments.requireEverything(manager, actor);
      await this.scopes.requireKnown(manager, scopes);
      const secretHash = secret === null ? null : hashClientSecret(secret);
      await this.store.insert(manager, { id, name, secretHash, roles: given, ...registration });
      await this.audit.record(manager, {
        action: 'client.created',
        actor,
        target: { type: 'client', id },
        details: { name, roles: given, ...registration },
      });
      const client = await this.directory.get(id, manager);
      return { ...client, ...(secret !== null && { secret }) };
    });
  }
}

/** Roles are what a client's own tokens say, and a public one has no way to get any. */
function requireNoRolesOfPublic(type: ClientType, roles: readonly string[]): void {
  if (type !== 'public' || roles.length === 0) return;
  const message = 'roles are for clients with a secret: a public one never acts for itself';
  throw requestErrors.invalid({ fields: [{ field: 'roles', message }] });
}

function requireNoKeysOfPublic(type: ClientType, jwks: PublicJwks | null): void {
  if (type !== 'public' || jwks === null) return;
  const message = 'jwks are for confidential clients: a public one does not authenticate';
  throw requestErrors.invalid({ fields: [{ field: 'jwks', message }] });
}
