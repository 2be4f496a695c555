import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import type { HeldFacts } from '../../tokens/access-tokens/authority-of-session.js';
import { ActiveClients, type ClientFactsRow, type RegisteredRow } from './active-clients.js';
import { isClientSecret } from './client-secret.js';
import { documentAddressOf, documentClientId } from './documents/client-document.js';
import { ClientDocumentsConfig } from './documents/client-documents.config.js';
import type { PublicJwks } from './public-jwks.js';
import { RegistrationConfig } from './registration/registration.config.js';

/** A client that has just shown its secret or its key. */
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

/** What a client calls itself by: `client_id` of its requests and of its tokens (RFC 9068 section 2.2). */
export function publicIdOf({ id, metadataUri }: Pick<RegisteredClient, 'id' | 'metadataUri'>) {
  return metadataUri ?? id;
}

/** What the flows of services ask of clients. Nothing here is for admins. */
@Injectable()
export class OAuthClients {
  constructor(
    private readonly store: ActiveClients,
    private readonly documents: ClientDocumentsConfig,
    private readonly registration: RegistrationConfig,
  ) {}

  /**
   * @param clientId of one that has said by a document who it is, the address of that, and nothing else
   * @returns null for a client that is unknown or disabled, and for a stranger whose way in is off
   */
  async find(clientId: string): Promise<RegisteredClient | null> {
    const address = this.documents.isOn ? documentAddressOf(clientId) : null;
    if (address !== null) return this.store.findRegistered(documentClientId(address.href));
    if (!isUuid(clientId)) return null;
    const client = await this.store.findRegistered(clientId.toLowerCase());
    if (client?.metadataUri !== null) return null;
    return client.selfRegistered && !this.registration.isOn ? null : client;
  }

  /** @returns null for a client that is unknown or disabled, and for a secret that is not its own */
  async authenticate(clientId: string, secret: string): Promise<AuthenticatedClient | null> {
    const row = isUuid(clientId) ? await this.store.findFacts(clientId) : null;
    if (row === null) return null;
    const hashes = [row.secretHash, row.formerSecretHash];
    return hashes.some((hash) => isClientSecret(secret, hash)) ? authenticated(row) : null;
  }

  /**
   * @param isShown judges by the keys of the client
   * @returns null for a client that is unknown or disabled, has no keys, or has not shown one
   */
  async authenticateByKey(
    clientId: string,
    isShown: (clientId: string, jwks: PublicJwks) => Promise<boolean>,
  ): Promise<AuthenticatedClient | null> {
    const row = isUuid(clientId) ? await this.store.findFacts(clientId) : null;
    if (row === null || row.jwks === null) return null;
    return (await isShown(row.id, row.jwks)) ? authenticated(row) : null;
  }
}

function authenticated(row: ClientFactsRow): AuthenticatedClient {
  const {
    id,
    roles,
    permissions,
    version,
    rolesVersion,
    nowMilliseconds,
    sessionMomentMilliseconds,
  } = row;
  return {
    id,
    facts: { userId: id, roles, permissions, demanding: [], userVersion: version, rolesVersion },
    seenActiveAtMilliseconds: nowMilliseconds,
    sessionMomentMilliseconds,
  };
}
