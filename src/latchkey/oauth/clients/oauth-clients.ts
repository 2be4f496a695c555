import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';
import {
  type PreparedStatement,
  PreparedStatements,
} from '../../platform/database/connection/prepared-statements.js';
import { EVERYONE } from '../../tokens/sessions/cutoffs/cutoff-sql.js';
import { millisecondsSql } from '../../tokens/sessions/session-sql.js';
import type { AuthenticatedClient } from './authenticated-client.js';
import { isClientSecret } from './client-secret.js';

interface ClientFactsRow {
  readonly id: string;
  readonly secretHash: Buffer;
  readonly formerSecretHash: Buffer | null;
  readonly roles: string[];
  readonly permissions: string[];
  readonly version: number;
  readonly rolesVersion: number;
  readonly nowMs: number;
  readonly sessionMomentMs: number;
}

/** What the flows of services ask of clients. Nothing here is for admins. */
@Injectable()
export class OAuthClients {
  constructor(private readonly statements: PreparedStatements) {}

  /**
   * One statement, and so one snapshot: what the client may do, and the versions that date it.
   *
   * @returns null for a client that is unknown or disabled, and for a secret that is not its own
   */
  async authenticate(clientId: string, secret: string): Promise<AuthenticatedClient | null> {
    if (!isUuid(clientId)) return null;
    const [row] = await this.statements.query<ClientFactsRow>(FIND, [clientId]);
    if (row === undefined) return null;
    const { id, roles, permissions, version, rolesVersion, nowMs, sessionMomentMs } = row;
    const hashes = [row.secretHash, row.formerSecretHash];
    if (!hashes.some((hash) => isClientSecret(secret, hash))) return null;
    return {
      id,
      facts: { userId: id, roles, permissions, userVersion: version, rolesVersion },
      seenActiveAtMs: nowMs,
      sessionMomentMs,
    };
  }
}

// The moment comes after every cutoff, as that of a sign-in does (tokens/session-families.ts).
const FIND: PreparedStatement = {
  name: 'find-oauth-client',
  text: `
  SELECT client.id, client.secret_hash AS "secretHash",
    CASE WHEN client.former_secret_until > clock_timestamp() THEN client.former_secret_hash END
      AS "formerSecretHash",
    ARRAY(SELECT role_name FROM oauth_client_roles WHERE client_id = client.id ORDER BY 1) AS roles,
    ARRAY(
      SELECT DISTINCT unnest(role.permissions)
      FROM oauth_client_roles held JOIN roles role ON role.name = held.role_name
      WHERE held.client_id = client.id
      ORDER BY 1
    ) AS permissions,
    client.authorization_version AS version,
    (SELECT version FROM role_definitions) AS "rolesVersion",
    ${millisecondsSql('clock_timestamp()')} AS "nowMs",
    greatest(
      floor(${millisecondsSql('clock_timestamp()')}),
      (SELECT max(moment_ms) + 1 FROM session_cutoffs WHERE user_id IN (client.id, '${EVERYONE}'))
    )::float8 AS "sessionMomentMs"
  FROM oauth_clients client
  WHERE client.id = $1 AND client.status = 'active'`,
};
