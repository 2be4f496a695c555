import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { requestErrors } from '../../platform/errors/request.errors.js';
import { RoleAssignments, rolesChange } from '../../roles/role-assignments.js';
import { RoleDefinitions } from '../../roles/role-definitions.js';
import { Revocations } from '../../tokens/revocation/revocations.js';
import { SessionEnder } from '../../tokens/sessions/session-ender.js';
import { SessionScopeStore } from '../../tokens/sessions/store/session-scope-store.js';
import { PendingLogoutStore } from '../backchannel-logout/pending-logout-store.js';
import { OfferedAlgorithms } from '../id-tokens/offered-algorithms.js';
import { ClientDirectory } from './client-directory.js';
import { ClientScopes } from './client-scopes.js';
import { ClientStore, type Registration } from './client-store.js';
import type { ClientView } from './client-views.dto.js';
import type { ChangeClientBody } from './oauth-clients.dto.js';
import { clientsErrors } from './oauth-clients.errors.js';
import { publicPartOf } from './public-jwks.js';
import { isUnregistered } from './unregistered.js';

@Injectable()
export class ChangeClient {
  constructor(
    private readonly revocations: Revocations,
    private readonly definitions: RoleDefinitions,
    private readonly assignments: RoleAssignments,
    private readonly scopes: ClientScopes,
    private readonly store: ClientStore,
    private readonly directory: ClientDirectory,
    private readonly audit: AuditTrail,
    private readonly ender: SessionEnder,
    private readonly sessionScopes: SessionScopeStore,
    private readonly logouts: PendingLogoutStore,
    private readonly algorithms: OfferedAlgorithms,
  ) {}

  /**
   * When it may do something else from now on, or nothing, the access tokens that the client has
   * are refused on every instance at once, and those of its users that say a scope which is taken from it.
   * With it disabled, or the product's own no more, its users' sessions at it end.
   *
   * @throws LatchkeyError `clients.not_found`, `clients.has_no_secret` for keys of a public one, `request.invalid`
   *   naming `roles`, `scopes`, `idTokenSignedResponseAlg`, `firstParty` or `deviceFlow`, `roles.escalation`, `roles.too_large`,
   *   `roles.not_for_services`
   */
  change(clientId: string, body: ChangeClientBody, actor: Actor): Promise<ClientView> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.definitions.lock(manager);
      const former = await this.directory.get(clientId, manager);
      if (isUnregistered(former)) requireNarrow(body);
      const { name = former.name, status = former.status, roles: wanted = former.roles } = body;
      const registration = registrationAfter(former, body);
      if (body.idTokenSignedResponseAlg !== undefined) {
        this.algorithms.require(body.idTokenSignedResponseAlg);
      }
      const registeredAnew = Object.keys(changesIn(former, registration));
      const { given, taken } = rolesChange(former.roles, wanted);
      await this.assignments.authorizeChange(manager, { current: former.roles, wanted }, actor);
      if (former.firstParty || registration.firstParty) {
        await this.assignments.requireEverything(manager, actor);
      }
      await this.assignments.requireFitForServices(manager, given);
      const rekeyed = registeredAnew.includes('jwks');
      if (rekeyed) await this.requireFitForKeys(manager, former, actor);
      const repermitted = given.length + taken.length > 0;
      const switched = status !== former.status;
      if (!repermitted && !switched && name === former.name && registeredAnew.length === 0) {
        return former;
      }
      const { scopes } = registration;
      const takenScopes = former.scopes.filter((one) => !scopes.includes(one));
      await this.scopes.requireKnown(
        manager,
        scopes.filter((one) => !former.scopes.includes(one)),
      );
      await this.store.update(manager, { id: clientId, name, status, ...registration });
      const { backchannelLogoutUri } = registration;
      if (backchannelLogoutUri !== former.backchannelLogoutUri) {
        await this.logouts.readdress(manager, clientId, backchannelLogoutUri);
      }
      if (repermitted) await this.store.changeRoles(manager, clientId, { given, taken });
      if (status === 'disabled' && switched) {
        const conditions = { clientId };
        await this.ender.endMatching(transaction, conditions, { reason: 'client_disabled', actor });
      } else if (former.firstParty && !registration.firstParty) {
        // They are for this API, and nobody has been asked.
        await this.ender.endMatching(transaction, { clientId }, { reason: 'admin', actor });
      }
      await this.sessionScopes.take(transaction, { clientId, names: takenScopes });
      const narrowed = takenScopes.length > 0;
      if (repermitted || switched || narrowed || rekeyed)
        await this.store.makeTokensStale(transaction, clientId);
      await this.audit.record(manager, {
        action: 'client.changed',
        actor,
        target: { type: 'client', id: clientId },
        details: { name, status, given, taken, ...changesIn(former, registration) },
      });
      return this.directory.get(clientId, manager);
    });
  }

  /** Whoever sets the keys of a client could do what it may, as whoever sees its secret could. */
  private async requireFitForKeys(
    manager: EntityManager,
    { type, roles }: ClientView,
    actor: Actor,
  ): Promise<void> {
    if (type === 'public') throw clientsErrors.hasNoSecret();
    await this.assignments.authorize(manager, roles, actor);
  }
}

/** Nobody here answers for it. */
function requireNarrow(body: ChangeClientBody): void {
  const message = 'is not for a client that nobody has registered here: register one in its place';
  const fields = (['firstParty', 'deviceFlow'] as const).filter((field) => body[field] === true);
  if (fields.length === 0) return;
  throw requestErrors.invalid({ fields: fields.map((field) => ({ field, message })) });
}

type Registered = Omit<Registration, 'type'>;

function registrationAfter(former: Registered, body: Partial<Registered>): Registered {
  const {
    redirectUris = former.redirectUris,
    postLogoutRedirectUris = former.postLogoutRedirectUris,
    backchannelLogoutUri = former.backchannelLogoutUri,
    idTokenSignedResponseAlg = former.idTokenSignedResponseAlg,
    jwks = former.jwks,
    firstParty = former.firstParty,
    scopes = former.scopes,
    deviceFlow = former.deviceFlow,
    requirePushedAuthorizationRequests = former.requirePushedAuthorizationRequests,
  } = body;
  const flows = { deviceFlow, requirePushedAuthorizationRequests };
  const told = { backchannelLogoutUri, idTokenSignedResponseAlg };
  const keys = { jwks: jwks && publicPartOf(jwks) };
  return { redirectUris, postLogoutRedirectUris, firstParty, scopes, ...flows, ...told, ...keys };
}

function changesIn(former: Registered, next: Registered): Partial<Registered> {
  const entries = Object.entries(next) as [keyof Registered, unknown][];
  return Object.fromEntries(
    entries.filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(former[name])),
  );
}
