import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { columnsOf } from '../../platform/database/columns-of.js';
import {
  type PreparedStatement,
  PreparedStatements,
} from '../../platform/database/connection/prepared-statements.js';
import { EVERYONE, millisecondsSql } from '../../tokens/sessions/store/session-sql.js';
import { type ScopeOfResource, scopesOfResourcesSql } from '../resources/resource-store.js';
import { REGISTRATION, type Registration } from './client-store.js';
import { OAuthClient } from './oauth-client.entity.js';

/** An active client, what it may do without the roles that demand what it cannot show, the versions that date that, and the moment of the snapshot. */
export interface ClientFactsRow extends Pick<OAuthClient, 'id' | 'secretHash' | 'jwks'> {
  /** Null also once it opens nothing any more. */
  readonly formerSecretHash: OAuthClient['formerSecretHash'];
  readonly roles: string[];
  readonly permissions: string[];
  readonly version: OAuthClient['authorizationVersion'];
  readonly rolesVersion: number;
  readonly nowMilliseconds: number;
  /** After every emergency stop that the statement sees, as the moment of a sign-in is. */
  readonly sessionMomentMilliseconds: number;
}

const FIND_FACTS: PreparedStatement = {
  name: 'find-oauth-client',
  text: `
  SELECT ${columnsOf(OAuthClient, 'client', ['id', 'secretHash', 'jwks'])},
    CASE WHEN client.former_secret_until > clock_timestamp() THEN client.former_secret_hash END
      AS "formerSecretHash",
    ARRAY(
      SELECT role.name
      FROM oauth_client_roles held JOIN roles role ON role.name = held.role_name
      WHERE held.client_id = client.id AND role.required_acr IS NULL
      ORDER BY 1
    ) AS roles,
    ARRAY(
      SELECT DISTINCT unnest(role.permissions)
      FROM oauth_client_roles held JOIN roles role ON role.name = held.role_name
      WHERE held.client_id = client.id AND role.required_acr IS NULL
      ORDER BY 1
    ) AS permissions,
    client.authorization_version AS version,
    (SELECT version FROM role_definitions) AS "rolesVersion",
    ${millisecondsSql('clock_timestamp()')} AS "nowMilliseconds",
    greatest(
      floor(${millisecondsSql('clock_timestamp()')}),
      (SELECT max(moment_ms) + 1 FROM session_cutoffs WHERE user_id IN (client.id, '${EVERYONE}'))
    )::float8 AS "sessionMomentMilliseconds"
  FROM oauth_clients client
  WHERE client.id = $1 AND client.status = 'active'`,
};

/** What is known of an active client that users are sent from: no secret. */
export interface RegisteredRow
  extends Registration,
    Pick<OAuthClient, 'id' | 'name' | 'metadataUri' | 'selfRegistered'> {
  /** Those of `scopes` that belong to resources. */
  readonly resourceScopes: readonly ScopeOfResource[];
}

/** What of a client may change while something that it was promised is redeemed. */
export type KeptClient = Readonly<Pick<OAuthClient, 'scopes' | 'firstParty' | 'redirectUris'>>;

const FIND_REGISTERED: PreparedStatement = {
  name: 'find-registered-client',
  text: `
  SELECT ${columnsOf(OAuthClient, 'client', ['id', 'name', 'metadataUri', 'selfRegistered', ...REGISTRATION])},
    ${scopesOfResourcesSql('client.scopes')} AS "resourceScopes"
  FROM oauth_clients client WHERE client.id = $1 AND client.status = 'active'`,
};

/** What the flows read of clients that are active. Each statement is one snapshot. */
@Injectable()
export class ActiveClients {
  constructor(private readonly statements: PreparedStatements) {}

  /** Null for a client that is unknown or not active. */
  async findFacts(clientId: string): Promise<ClientFactsRow | null> {
    const [row] = await this.statements.query<ClientFactsRow>(FIND_FACTS, [clientId]);
    return row ?? null;
  }

  /** Null for a client that is unknown or not active. */
  async findRegistered(clientId: string): Promise<RegisteredRow | null> {
    const [row] = await this.statements.query<RegisteredRow>(FIND_REGISTERED, [clientId]);
    return row ?? null;
  }

  /** What it may, which it then may until the transaction is over; null when it is not active. */
  async keep(manager: EntityManager, clientId: string): Promise<KeptClient | null> {
    const [row] = await manager.query<KeptClient[]>(
      `SELECT ${columnsOf(OAuthClient, 'client', ['scopes', 'firstParty', 'redirectUris'])}
       FROM oauth_clients client WHERE id = $1 AND status = 'active' FOR SHARE`,
      [clientId],
    );
    return row ?? null;
  }
}
