import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { columnsOf } from '../../platform/database/columns-of.js';
import type { RolesChange } from '../../roles/role-assignments.js';
import { KeptVersions } from '../../tokens/access-tokens/kept-versions.js';
import type { RevokingTransaction } from '../../tokens/revocation/revocations.js';
import { OAuthClient } from './oauth-client.entity.js';

/** What an app is registered with. */
export const REGISTRATION = [
  'type',
  'redirectUris',
  'postLogoutRedirectUris',
  'firstParty',
  'scopes',
  'deviceFlow',
  'requirePushedAuthorizationRequests',
  'backchannelLogoutUri',
  'idTokenSignedResponseAlg',
  'jwks',
] as const;
const CLIENT = [
  'id',
  'name',
  'status',
  'metadataUri',
  'selfRegistered',
  ...REGISTRATION,
  'createdAt',
] as const;

export type Registration = Readonly<Pick<OAuthClient, (typeof REGISTRATION)[number]>>;

export interface ClientRow extends Pick<OAuthClient, (typeof CLIENT)[number]> {
  /** Null also once the former secret opens nothing any more. */
  readonly formerSecretUntil: OAuthClient['formerSecretUntil'];
  readonly roles: string[];
}

const CLIENT_COLUMNS = `${columnsOf(OAuthClient, 'client', CLIENT)},
  CASE WHEN client.former_secret_until > clock_timestamp() THEN client.former_secret_until END
    AS "formerSecretUntil",
  ARRAY(SELECT role_name FROM oauth_client_roles WHERE client_id = client.id ORDER BY role_name)
    AS roles`;

/**
 * The tables `oauth_clients` and `oauth_client_roles`: no other file has a statement on them but `ActiveClients`, which
 * reads, `DocumentClientStore` and `SelfRegisteredStore`. Every change of a client that somebody has registered is made under the lock of
 * `RoleDefinitions`, under which it has been judged.
 */
@Injectable()
export class ClientStore extends KeptVersions {
  readonly keeps = 'userVersion';

  constructor(private readonly dataSource: DataSource) {
    super();
  }

  async find(manager: EntityManager, clientId: string): Promise<ClientRow | null> {
    const [row] = await manager.query<ClientRow[]>(
      `SELECT ${CLIENT_COLUMNS} FROM oauth_clients client WHERE client.id = $1`,
      [clientId],
    );
    return row ?? null;
  }

  /** Whether there is such a client, which then cannot be deleted until the transaction is over. */
  async keep(manager: EntityManager, clientId: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      'SELECT FROM oauth_clients WHERE id = $1 FOR KEY SHARE',
      [clientId],
    );
    return rows.length > 0;
  }

  /** Where it is told that a session is over, until the transaction is over; null: it is not told. */
  async findLogoutUri(manager: EntityManager, clientId: string): Promise<string | null> {
    const [row] = await manager.query<{ uri: string | null }[]>(
      'SELECT backchannel_logout_uri AS uri FROM oauth_clients WHERE id = $1 FOR SHARE',
      [clientId],
    );
    return row?.uri ?? null;
  }

  /** The newest first. */
  findAll(manager: EntityManager, beforeId: string | null, limit: number): Promise<ClientRow[]> {
    return manager.query<ClientRow[]>(
      `SELECT ${CLIENT_COLUMNS} FROM oauth_clients client
       WHERE $1::uuid IS NULL OR client.id < $1
       ORDER BY client.id DESC LIMIT $2`,
      [beforeId, limit],
    );
  }

  async insert(
    manager: EntityManager,
    client: Pick<ClientRow, 'id' | 'name' | 'roles'> & SecretHash & Registration,
  ): Promise<void> {
    const { id, name, secretHash, roles, type, ...registration } = client;
    await manager.query(
      `INSERT INTO oauth_clients (id, name, secret_hash, type, redirect_uris,
         post_logout_redirect_uris, first_party, scopes, device_flow,
         require_pushed_authorization_requests, backchannel_logout_uri,
         id_token_signed_response_alg, jwks)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
      [id, name, secretHash, type, ...changeable(registration)],
    );
    await manager.query(
      'INSERT INTO oauth_client_roles (client_id, role_name) SELECT $1, unnest($2::text[])',
      [id, roles],
    );
  }

  /** With keys, a secret that there was opens nothing any more. */
  async update(
    manager: EntityManager,
    client: Pick<ClientRow, 'id' | 'name' | 'status'> & Omit<Registration, 'type'>,
  ): Promise<void> {
    const { id, name, status, ...registration } = client;
    await manager.query(
      `UPDATE oauth_clients SET name = $2, status = $3, redirect_uris = $4,
         post_logout_redirect_uris = $5, first_party = $6, scopes = $7,
         device_flow = $8, require_pushed_authorization_requests = $9,
         backchannel_logout_uri = $10, id_token_signed_response_alg = $11, jwks = $12,
         secret_hash = CASE WHEN $12::jsonb IS NULL THEN secret_hash END,
         former_secret_hash = CASE WHEN $12::jsonb IS NULL THEN former_secret_hash END,
         former_secret_until = CASE WHEN $12::jsonb IS NULL THEN former_secret_until END,
         updated_at = clock_timestamp()
       WHERE id = $1`,
      [id, name, status, ...changeable(registration)],
    );
  }

  /** @returns the ids of the clients that had one of them */
  async takeScopes(manager: EntityManager, names: readonly string[]): Promise<string[]> {
    const [rows] = await manager.query<[{ id: string }[], number]>(
      `WITH holding AS MATERIALIZED (
         SELECT id FROM oauth_clients WHERE scopes && $1::text[] ORDER BY id FOR UPDATE)
       UPDATE oauth_clients AS client SET updated_at = clock_timestamp(),
         scopes = ARRAY(SELECT name FROM unnest(client.scopes) WITH ORDINALITY AS had (name, at)
           WHERE name <> ALL ($1) ORDER BY at)
       FROM holding WHERE client.id = holding.id RETURNING client.id`,
      [names],
    );
    return rows.map(({ id }) => id);
  }

  async changeRoles(
    manager: EntityManager,
    clientId: string,
    { given, taken }: RolesChange,
  ): Promise<void> {
    await manager.query(
      'DELETE FROM oauth_client_roles WHERE client_id = $1 AND role_name = ANY($2)',
      [clientId, taken],
    );
    await manager.query(
      'INSERT INTO oauth_client_roles (client_id, role_name) SELECT $1, unnest($2::text[])',
      [clientId, given],
    );
  }

  /** The hash that is stored now becomes the former one, for as long as is said; with 0, none is kept. */
  async rotateSecret(
    manager: EntityManager,
    clientId: string,
    { secretHash, formerValidSeconds }: SecretHash & { readonly formerValidSeconds: number },
  ): Promise<void> {
    await manager.query(
      `UPDATE oauth_clients SET secret_hash = $2, updated_at = clock_timestamp(),
         former_secret_hash = CASE WHEN $3::int > 0 THEN secret_hash END,
         former_secret_until =
           CASE WHEN $3::int > 0 THEN clock_timestamp() + make_interval(secs => $3::int) END
       WHERE id = $1`,
      [clientId, secretHash, formerValidSeconds],
    );
  }

  /**
   * Raises the version and carries it in the transaction's revocations: every access token that the
   * client has been issued up to now is refused everywhere. The version dates them, and no clock: one
   * that is being issued at the same moment is refused as well.
   */
  async makeTokensStale(transaction: RevokingTransaction, clientId: string): Promise<void> {
    const [rows] = await transaction.manager.query<[{ version: number }[], number]>(
      `UPDATE oauth_clients SET authorization_version = authorization_version + 1
       WHERE id = $1 RETURNING authorization_version AS version`,
      [clientId],
    );
    for (const { version } of rows) {
      transaction.revoke({ kind: 'user-version', userId: clientId, version });
    }
  }

  async read(manager: EntityManager, clientId: string): Promise<number | null> {
    const [row] = await manager.query<Pick<OAuthClient, 'authorizationVersion'>[]>(
      'SELECT authorization_version AS "authorizationVersion" FROM oauth_clients WHERE id = $1',
      [clientId],
    );
    return row?.authorizationVersion ?? null;
  }

  async raiseTo(version: number, clientId: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE oauth_clients SET authorization_version = $2
       WHERE id = $1 AND authorization_version < $2`,
      [clientId, version],
    );
  }

  async delete(manager: EntityManager, clientId: string): Promise<void> {
    await manager.query('DELETE FROM oauth_clients WHERE id = $1', [clientId]);
  }
}

/** In the order of the statements. */
function changeable(registration: Omit<Registration, 'type'>): unknown[] {
  return [
    registration.redirectUris,
    registration.postLogoutRedirectUris,
    registration.firstParty,
    registration.scopes,
    registration.deviceFlow,
    registration.requirePushedAuthorizationRequests,
    registration.backchannelLogoutUri,
    registration.idTokenSignedResponseAlg,
    registration.jwks,
  ];
}

type SecretHash = Readonly<Pick<OAuthClient, 'secretHash'>>;
