import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Outbox } from '../../platform/outbox/outbox.js';
import {
  type OutboxDelivery,
  OutboxHandler,
  type OutboxOutcome,
  Undeliverable,
} from '../../platform/outbox/outbox-handler.js';
import { SingleSignOnConfig } from '../../tokens/sessions/sso/single-sign-on.config.js';
import { ClientStore } from '../clients/client-store.js';
import type { IdTokenAlgorithm } from '../id-tokens/id-token-algorithm.js';
import { LogoutTokens } from './logout-tokens.js';
import { LOGOUT, type ToldLogout } from './tell-clients.js';

const LIMIT_SECONDS = 5;
/** Then it leaves the line of its client, and is tried by itself. */
const TRIES_IN_LINE = 3;

interface Receiver {
  /** Null: it is not told any more. */
  readonly uri: string | null;
  readonly algorithm: IdTokenAlgorithm;
}

/** Tells a client that a session at it is over (OpenID Connect Back-Channel Logout 1.0 section 2.5). */
@Injectable()
export class DeliverLogout extends OutboxHandler {
  readonly kind = LOGOUT;
  override readonly tryMilliseconds = (LIMIT_SECONDS + 5) * 1_000;

  constructor(
    private readonly config: SingleSignOnConfig,
    private readonly dataSource: DataSource,
    private readonly clients: ClientStore,
    private readonly tokens: LogoutTokens,
    private readonly outbox: Outbox,
  ) {
    super();
  }

  /**
   * One that a client does not take holds up the others of that client for three tries, and then no longer. So one
   * that it will never take is no dam, and of a client that was away all others are told within seconds of its
   * return.
   */
  override async deliver(delivery: OutboxDelivery): Promise<OutboxOutcome> {
    const logout = delivery.payload as unknown as ToldLogout;
    const { uri, algorithm } = await this.receiverOf(logout);
    if (uri === null || !this.config.isOn) return 'dropped';
    try {
      await this.post(uri, this.tokens.issue(logout, algorithm), delivery.signal);
      return 'delivered';
    } catch (error) {
      const waitsInLine = delivery.recipient === logout.clientId;
      if (error instanceof Undeliverable || !waitsInLine || delivery.attempt < TRIES_IN_LINE) {
        throw error;
      }
      await this.outbox.put(this.dataSource.manager, {
        kind: LOGOUT,
        recipient: logout.sessionId,
        payload: delivery.payload,
      });
      return 'dropped';
    }
  }

  /** As it is registered now; of a client that has been deleted, where it was. */
  private async receiverOf({ clientId, uri }: ToldLogout): Promise<Receiver> {
    const client = await this.clients.find(this.dataSource.manager, clientId);
    if (client === null) return { uri, algorithm: 'RS256' };
    const { backchannelLogoutUri, idTokenSignedResponseAlg } = client;
    return { uri: backchannelLogoutUri, algorithm: idTokenSignedResponseAlg };
  }

  /** Follows no redirect, and reads nothing of what comes back but how it went (section 2.8). */
  private async post(uri: string, token: string, over: AbortSignal): Promise<void> {
    const response = await fetch(uri, {
      method: 'POST',
      redirect: 'manual',
      headers: { Accept: 'application/json' },
      body: new URLSearchParams({ logout_token: token }),
      signal: AbortSignal.any([over, AbortSignal.timeout(LIMIT_SECONDS * 1_000)]),
    });
    await response.body?.cancel();
    if (response.ok) return;
    const said = `The client answers ${response.status}.`;
    throw response.status === 400 ? new Undeliverable(said) : new Error(said);
  }
}
