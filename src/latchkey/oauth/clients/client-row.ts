import type { ClientView } from './oauth-clients.dto.js';

export interface ClientRow extends Omit<ClientView, 'createdAt' | 'formerSecretUntil'> {
  readonly createdAt: Date;
  readonly formerSecretUntil: Date | null;
}

/** Selects a `ClientRow` from `oauth_clients client`. */
export const CLIENT_COLUMNS = `
  client.id, client.name, client.status, client.created_at AS "createdAt",
  CASE WHEN client.former_secret_until > clock_timestamp() THEN client.former_secret_until END
    AS "formerSecretUntil",
  ARRAY(SELECT role_name FROM oauth_client_roles WHERE client_id = client.id ORDER BY role_name)
    AS roles`;

export function toClientView({ createdAt, formerSecretUntil, ...row }: ClientRow): ClientView {
  return {
    ...row,
    formerSecretUntil: formerSecretUntil?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}
