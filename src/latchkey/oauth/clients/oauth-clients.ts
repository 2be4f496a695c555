import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import type { HeldFacts } from '../../tokens/access-tokens/authority-of-session.js';
import { ActiveClients, type RegisteredRow } from './active-clients.js';
import { isClientSecret } from './client-secret.js';

/** A client that has just shown its secret. */
export interface AuthenticatedClient {
  readonly id: string;
  /** What it may do, read in the statement that found it. */
  readonly facts: HeldFacts;
  /** When the database last said that it was active, in milliseconds by the database's clock. */
  readonly seenActiveAtMilliseconds: number;
  /**
   * When what it is given now begins, in whole milliseconds: after every emergency stop so far, even
   * if the database's clock has been set back since.
   */
  readonly sessionMomentMilliseconds: number;
}

/** An active client as it is registered. */
export type RegisteredClient = RegisteredRow;

/** What the flows of services ask of clients. Nothing here is for admins. */
@Injectable()
export class OAuthClients {
  constructor(private readonly store: ActiveClients) {}

  /** @returns null for a client that is unknown or disabled */
  async find(clientId: string): Promise<RegisteredClient | null> {
    return isUuid(clientId) ? this.store.findRegistered(clientId.toLowerCase()) : null;
  }

  /** @returns null for a client that is unknown or disabled, and for a secret that is not its own */
  async authenticate(clientId: string, secret: string): Promise<AuthenticatedClient | null> {
    if (!isUuid(clientId)) return null;
    const row = await this.store.findFacts(clientId);
    if (row === null) return null;
    const {
      id,
      roles,
      permissions,
      version,
      rolesVersion,
      nowMilliseconds,
      sessionMomentMilliseconds,
    } = row;
    const hashes = [row.secretHash, row.formerSecretHash];
    if (!hashes.some((hash) => isClientSecret(secret, hash))) return null;
    return {
      id,
      facts: { userId: id, roles, permissions, demanding: [], userVersion: version, rolesVersion },
      seenActiveAtMilliseconds: nowMilliseconds,
      sessionMomentMilliseconds,
    };
  }
}
