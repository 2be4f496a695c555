import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';
import type { Principal } from '../../access/principal.js';
import type { Actor } from '../../audit/actor.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { AccountStates } from '../../tokens/one-time/account-states.js';
import { OAuthClients, type RegisteredClient } from '../clients/oauth-clients.js';
import { scopesOf } from '../clients/scopes.js';
import { RememberConsent } from '../consents/remember-consent.js';
import { deviceErrors } from './device.errors.js';
import { type DeviceAuthorizationRow, DeviceStore } from './device-store.js';
import { DeviceThrottle } from './device-throttle.js';
import { UserCodes } from './user-code.js';

/** A device that waits, and who made it. */
export interface WaitingDevice {
  readonly client: RegisteredClient;
  readonly scope: readonly string[];
  readonly audience: string | null;
}

/** What is asked of whoever types the code of a device, and what is made of the answer (RFC 8628 section 3.3). */
@Injectable()
export class AnswerDevice {
  constructor(
    private readonly throttle: DeviceThrottle,
    private readonly codes: UserCodes,
    private readonly store: DeviceStore,
    private readonly clients: OAuthClients,
    private readonly accounts: AccountStates,
    private readonly consents: RememberConsent,
    private readonly dataSource: DataSource,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws LatchkeyError `device.code_invalid`, `throttle.too_many_requests` */
  async ask(reply: FastifyReply, userCode: string, { userId }: Principal): Promise<WaitingDevice> {
    const { row, client } = await this.find(reply, userCode, userId);
    return { client, scope: scopesOf(row.scope), audience: row.audience };
  }

  /** Yes: the device gets a session of its own, child of the caller's. Throws like `ask`. */
  async allow(
    reply: FastifyReply,
    userCode: string,
    { userId, sessionId }: Principal,
    actor: Actor,
  ): Promise<void> {
    const { row, client } = await this.find(reply, userCode, userId);
    await this.dataSource.transaction(async (manager) => {
      const scope = scopesOf(row.scope);
      // Account and client first, as whoever deletes one of them: devices go with it.
      const areThere = client.firstParty
        ? (await this.accounts.keep(manager, userId)) !== null
        : await this.consents.remember(manager, { userId, client, scope }, actor);
      const allowed =
        areThere && (await this.store.allow(manager, { id: row.id, userId, sessionId }));
      if (!allowed) throw deviceErrors.codeInvalid();
      await this.audit.record(manager, {
        action: 'device.allowed',
        actor,
        target: { type: 'client', id: client.id },
        details: { scope },
      });
    });
  }

  /** No: the device is told, and asks no more. Throws like `ask`. */
  async deny(reply: FastifyReply, userCode: string, { userId }: Principal): Promise<void> {
    const { row } = await this.find(reply, userCode, userId);
    if (!(await this.store.deny(row.id))) throw deviceErrors.codeInvalid();
  }

  private async find(
    reply: FastifyReply,
    userCode: string,
    userId: string,
  ): Promise<{ row: DeviceAuthorizationRow; client: RegisteredClient }> {
    await this.throttle.countCode(reply, userId);
    const row = await this.store.findWaiting(this.codes.hashes(userCode));
    const client = row && (await this.clients.find(row.clientId));
    if (row === null || !client?.deviceFlow) throw deviceErrors.codeInvalid();
    return { row, client };
  }
}
