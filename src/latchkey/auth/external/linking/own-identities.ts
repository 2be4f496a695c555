import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import type { Principal } from '../../../access/principal.js';
import { AuditTrail } from '../../../audit/audit-trail.js';
import { actorOf } from '../../../audit/current-actor.decorator.js';
import { AccountStates } from '../../../tokens/one-time/account-states.js';
import { Revocations } from '../../../tokens/revocation/revocations.js';
import { SessionFactors } from '../../../tokens/sessions/session-factors.js';
import { usersErrors } from '../../../users/accounts/users.errors.js';
import { Users } from '../../../users/accounts/users.js';
import { identitiesErrors } from '../../../users/identities/identities.errors.js';
import { type Identity, IdentityStore } from '../../../users/identities/identity-store.js';
import { Notices } from '../../mail/notices.js';
import { WaysIn } from '../../ways-in/ways-in.js';
import { EXTERNAL, EXTERNAL_TWO_FACTORS } from './identity-sign-in.js';
import { IdentityWayIn } from './identity-way-in.js';

/** What owners see and remove of their own identities. */
@Injectable()
export class OwnIdentities {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: Revocations,
    private readonly accounts: AccountStates,
    private readonly users: Users,
    private readonly identities: IdentityStore,
    private readonly sessionFactors: SessionFactors,
    private readonly waysIn: WaysIn,
    private readonly identityWayIn: IdentityWayIn,
    private readonly notices: Notices,
    private readonly audit: AuditTrail,
  ) {}

  /** The oldest first. */
  list(userId: string): Promise<Identity[]> {
    return this.identities.list(this.dataSource.manager, userId);
  }

  /**
   * What it has shown in sessions counts there no more, at once and everywhere; none ends.
   *
   * @throws LatchkeyError `identities.not_found`, `factors.last_way_in`, `users.not_found`
   */
  remove({ userId }: Principal, id: string, request: FastifyRequest): Promise<void> {
    return this.revocations.commit(async (transaction) => {
      const { manager } = transaction;
      await this.accounts.lock(manager, userId);
      const account = await this.users.findAccountById(userId, manager);
      if (account === null) throw usersErrors.notFound();
      const all = await this.identities.list(manager, userId);
      const removed = all.find((identity) => identity.id === id);
      if (removed === undefined) throw identitiesErrors.notFound();
      const ways = await this.waysIn.of(manager, account);
      const fewer = this.identityWayIn.isOne(removed) ? 1 : 0;
      this.waysIn.requireLeft(ways, { ...ways, others: ways.others - fewer });
      await this.identities.delete(manager, userId, id);
      for (const factor of [EXTERNAL, EXTERNAL_TWO_FACTORS])
        await this.sessionFactors.withdraw(transaction, userId, factor, id);
      const actor = actorOf(request);
      await this.audit.record(manager, {
        action: 'identity.removed',
        actor,
        target: { type: 'user', id: userId },
        details: { identityId: id, provider: removed.provider },
      });
      const languages = request.headers['accept-language'];
      await this.notices.put(manager, { notice: 'identity-removed', account, actor, languages });
    });
  }
}
