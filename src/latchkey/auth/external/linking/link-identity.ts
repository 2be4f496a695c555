import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EntityManager } from 'typeorm';
import { reaches } from '../../../access/assurance.js';
import type { Principal } from '../../../access/principal.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { actorOf } from '../../../audit/current-actor.decorator.js';
import { AccountStates } from '../../../tokens/one-time/account-states.js';
import { usersErrors } from '../../../users/accounts/users.errors.js';
import { Users } from '../../../users/accounts/users.js';
import { identitiesErrors } from '../../../users/identities/identities.errors.js';
import {
  type Identity,
  IdentityStore,
  type NewIdentity,
} from '../../../users/identities/identity-store.js';
import type { KeptTokens } from '../../../users/identities/identity-token-cipher.js';
import { IdentityTokenStore } from '../../../users/identities/identity-token-store.js';
import { Notices } from '../../mail/notices.js';

/** Of one account: more than anybody has. */
const MAX_IDENTITIES = 20;

/** Gives an account an identity, once its owner has shown who they are. */
@Injectable()
export class LinkIdentity {
  constructor(
    private readonly accounts: AccountStates,
    private readonly users: Users,
    private readonly identities: IdentityStore,
    private readonly tokens: IdentityTokenStore,
    private readonly notices: Notices,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * In the transaction that makes worthless what has proved the owner. An identity that the account has already
   * stays as it is, but for what the provider has given.
   *
   * @throws LatchkeyError `identities.taken`, `identities.too_many`, `users.not_found`; roll back then
   */
  async linkWithin(
    manager: EntityManager,
    userId: string,
    identity: NewIdentity & Pick<Identity, 'mayRaise'> & { readonly tokens?: KeptTokens },
    request: FastifyRequest,
  ): Promise<Identity> {
    await this.accounts.lock(manager, userId);
    const account = await this.users.findAccountById(userId, manager);
    if (account === null) throw usersErrors.notFound();
    const others = await this.identities.list(manager, userId);
    const id = await this.identities.insert(manager, userId, identity, identity);
    const linked = await this.identities.find(manager, identity);
    if (linked?.userId !== userId) throw identitiesErrors.taken();
    if (identity.tokens !== undefined) await this.tokens.keep(manager, linked.id, identity.tokens);
    if (id === null) return linked;
    if (others.length >= MAX_IDENTITIES) throw identitiesErrors.tooMany();
    const actor = actorOf(request);
    await this.audit.record(manager, {
      action: 'identity.added',
      actor,
      target: { type: 'user', id: userId },
      details: { identityId: id, provider: identity.provider },
    });
    const languages = request.headers['accept-language'];
    await this.notices.put(manager, { notice: 'identity-added', account, actor, languages });
    return linked;
  }
}

/** Whether an identity may show two factors that is added in a session of this level. */
export function raises(acr: Principal['acr']): boolean {
  return reaches(acr, 'aal2');
}
