import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Outbox } from '../../platform/outbox/outbox.js';
import { FollowRevocations } from '../../tokens/revocation/follow-revocations.js';
import type { Revocation } from '../../tokens/revocation/kinds/revocation.js';
import {
  type BegunClientSession,
  FollowClientSessions,
} from '../../tokens/sessions/at-clients/follow-client-sessions.js';
import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';
import { ClientStore } from '../clients/client-store.js';
import { type DueLogout, PendingLogoutStore } from './pending-logout-store.js';

/** The kinds of messages: one for each session that is over, and one after an emergency stop. */
export const LOGOUT = 'backchannel-logout';
export const LOGOUTS_OF_EVERYONE = 'backchannel-logouts-of-everyone';

/** In one statement: far from the time that one may take. */
const PUT_AT_ONCE = 5_000;

/** What a message about a session that is over holds. */
export interface ToldLogout extends DueLogout {
  /** Of the logout token: the same over all tries. */
  readonly tokenId: string;
}

/** Has clients told of sessions that are over, in the transaction in which that is found. */
@Injectable()
export class TellClients {
  constructor(private readonly outbox: Outbox) {}

  /** Those of one client are told one after the other, in the order in which they ended. */
  async tell(manager: EntityManager, logouts: readonly DueLogout[]): Promise<void> {
    const messages = logouts.map((logout) => {
      const payload = { ...logout, tokenId: uuidv7() } satisfies ToldLogout;
      return { kind: LOGOUT, recipient: logout.clientId, payload };
    });
    for (let from = 0; from < messages.length; from += PUT_AT_ONCE) {
      await this.outbox.putAll(manager, messages.slice(from, from + PUT_AT_ONCE));
    }
  }
}

/** Remembers, from its beginning on, that a client is to be told of a session's end. */
@Injectable()
export class RememberLogouts extends FollowClientSessions {
  constructor(
    private readonly clients: ClientStore,
    private readonly pending: PendingLogoutStore,
  ) {
    super();
  }

  override async begun(manager: EntityManager, session: BegunClientSession): Promise<void> {
    const uri = await this.clients.findLogoutUri(manager, session.clientId);
    if (uri !== null) await this.pending.add(manager, { ...session, uri });
  }
}

/** Whatever ends sessions revokes what they have given, and so comes by here. */
@Injectable()
export class LogoutsByRevocation extends FollowRevocations {
  constructor(
    private readonly config: SingleSignOnConfig,
    private readonly pending: PendingLogoutStore,
    private readonly tellClients: TellClients,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  override async follow(manager: EntityManager, revocations: readonly Revocation[]): Promise<void> {
    if (!this.config.isOn) return;
    const sessionIds = revocations.flatMap((one) => (one.kind === 'session' ? one.sessionId : []));
    const userIds = revocations.flatMap((one) => (one.kind === 'user-cutoff' ? one.userId : []));
    if (sessionIds.length + userIds.length > 0) {
      const over = await this.pending.takeOver(manager, { sessionIds, userIds });
      await this.tellClients.tell(manager, over);
    }
    const ofEveryone = revocations.some(({ kind }) => kind === 'global-cutoff');
    if (ofEveryone && (await this.pending.hasAny(manager))) await this.tellLater(manager);
  }

  /** An emergency stop takes the same time, however many it signs out. */
  private tellLater(manager: EntityManager): Promise<void> {
    const kind = LOGOUTS_OF_EVERYONE;
    return this.outbox.put(manager, { kind, recipient: kind, payload: {}, untilDelivered: true });
  }
}
