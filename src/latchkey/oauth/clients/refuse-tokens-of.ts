import type { RevokingTransaction } from '../../tokens/revocation/revocations.js';

/**
 * Every access token that the client has been issued up to now goes stale. Its version dates them,
 * and no clock: one that is being issued beside this is refused as well.
 */
export async function refuseTokensOf(
  transaction: RevokingTransaction,
  clientId: string,
): Promise<void> {
  const [rows]: [{ version: number }[], number] = await transaction.manager.query(
    `UPDATE oauth_clients SET authorization_version = authorization_version + 1
     WHERE id = $1 RETURNING authorization_version AS version`,
    [clientId],
  );
  for (const { version } of rows) {
    transaction.revoke({ kind: 'user-version', userId: clientId, version });
  }
}
