import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { changesOne } from '../../platform/database/changes-one.js';
import { IdentityTokenCipher, type KeptTokens } from './identity-token-cipher.js';

/** Which tokens are meant: of which identity, and of those that came one after the other. */
export interface TokensKey {
  readonly identityId: string;
  readonly version: number;
}

export interface IdentityTokens extends TokensKey {
  readonly issuer: string;
  readonly subject: string;
  /** Null when `APP_SECRETS` does not hold the secret that has encrypted them. */
  readonly tokens: KeptTokens | null;
  /** Whether an instance is asking the provider for the next ones. */
  readonly isRefreshing: boolean;
}

/** That tokens are kept, without any. */
export interface KeptTokensSummary {
  readonly identityId: string;
  readonly keptSince: Date;
  readonly usedAt: Date;
}

interface EncryptedRow {
  readonly identityId: string;
  readonly encryptedTokens: Buffer;
}

const UNUSED_DAYS = 90;
const ENCRYPTED = 'identity_id AS "identityId", encrypted_tokens AS "encryptedTokens"';
const IS_THIS = 'identity_id = $1 AND version = $2';

/** The statements on `identity_tokens`, whose content nobody else sees encrypted. */
@Injectable()
export class IdentityTokenStore {
  constructor(private readonly cipher: IdentityTokenCipher) {}

  /**
   * Keeps what a sign-in has brought in place of what there was. Where it brought no refresh token, the former one
   * goes on, as do those who are using it: a provider gives one at the first sign-in, or at each.
   */
  async keep(manager: EntityManager, identityId: string, brought: KeptTokens): Promise<void> {
    const [row] = await manager.query<(EncryptedRow & { version: number })[]>(
      `SELECT ${ENCRYPTED}, version FROM identity_tokens WHERE identity_id = $1 FOR UPDATE`,
      [identityId],
    );
    const former = row === undefined ? null : this.cipher.decrypt(identityId, row.encryptedTokens);
    const goesOn = brought.refreshToken === null && former?.issuedTo === brought.issuedTo;
    const refreshToken = goesOn ? former.refreshToken : brought.refreshToken;
    const encrypted = this.cipher.encrypt(identityId, { ...brought, refreshToken });
    await manager.query(
      `INSERT INTO identity_tokens AS kept (identity_id, encrypted_tokens, encrypted_by)
       VALUES ($1, $2, $3)
       ON CONFLICT (identity_id) DO UPDATE SET encrypted_tokens = $2, encrypted_by = $3,
         used_at = clock_timestamp(),
         version = CASE WHEN $4 THEN kept.version ELSE kept.version + 1 END,
         refreshing_until = CASE WHEN $4 THEN kept.refreshing_until END`,
      [identityId, encrypted, this.cipher.keyName, goesOn],
    );
  }

  /** Of the identity at this provider that the account has used last; null when nothing is kept. */
  async find(
    manager: EntityManager,
    userId: string,
    provider: string,
  ): Promise<IdentityTokens | null> {
    const [row] = await manager.query<(EncryptedRow & Omit<IdentityTokens, 'tokens'>)[]>(
      `SELECT ${ENCRYPTED}, version, issuer, subject,
         coalesce(refreshing_until > clock_timestamp(), false) AS "isRefreshing"
       FROM identity_tokens JOIN identities ON identities.id = identity_id
       WHERE user_id = $1 AND provider = $2 ORDER BY last_used_at DESC NULLS LAST LIMIT 1`,
      [userId, provider],
    );
    if (row === undefined) return null;
    const { encryptedTokens, ...found } = row;
    return { ...found, tokens: this.cipher.decrypt(found.identityId, encryptedTokens) };
  }

  /** Written once a day at most: features may ask for each request of theirs. */
  async used(manager: EntityManager, { identityId }: TokensKey): Promise<void> {
    await manager.query(
      `UPDATE identity_tokens SET used_at = clock_timestamp()
       WHERE identity_id = $1 AND used_at < clock_timestamp() - interval '1 day'`,
      [identityId],
    );
  }

  /**
   * Of any number at once, on however many instances, one gets the refresh token for itself, until it calls
   * `replace`, `release` or `delete`, or the time is over: it may have died.
   *
   * @returns false when another has it, or when these are not what is kept any more
   */
  claim(
    manager: EntityManager,
    { identityId, version }: TokensKey,
    seconds: number,
  ): Promise<boolean> {
    return changesOne(
      manager,
      `UPDATE identity_tokens
       SET refreshing_until = clock_timestamp() + make_interval(secs => $3)
       WHERE ${IS_THIS} AND (refreshing_until IS NULL OR refreshing_until <= clock_timestamp())
       RETURNING version`,
      [identityId, version, seconds],
    );
  }

  /** @returns false, and nothing has changed, when these are not what is kept any more */
  replace(
    manager: EntityManager,
    { identityId, version }: TokensKey,
    tokens: KeptTokens,
  ): Promise<boolean> {
    return changesOne(
      manager,
      `UPDATE identity_tokens SET encrypted_tokens = $3, encrypted_by = $4, version = version + 1,
         refreshing_until = NULL, used_at = clock_timestamp()
       WHERE ${IS_THIS} RETURNING version`,
      [identityId, version, this.cipher.encrypt(identityId, tokens), this.cipher.keyName],
    );
  }

  async release(manager: EntityManager, { identityId, version }: TokensKey): Promise<void> {
    await manager.query(`UPDATE identity_tokens SET refreshing_until = NULL WHERE ${IS_THIS}`, [
      identityId,
      version,
    ]);
  }

  /** Unless others have taken their place meanwhile. */
  async delete(manager: EntityManager, { identityId, version }: TokensKey): Promise<void> {
    await manager.query(`DELETE FROM identity_tokens WHERE ${IS_THIS}`, [identityId, version]);
  }

  list(manager: EntityManager, userId: string): Promise<KeptTokensSummary[]> {
    return manager.query<KeptTokensSummary[]>(
      `SELECT identity_id AS "identityId", identity_tokens.created_at AS "keptSince",
         used_at AS "usedAt"
       FROM identity_tokens JOIN identities ON identities.id = identity_id WHERE user_id = $1`,
      [userId],
    );
  }

  /**
   * Those that nobody has used for 90 days, and those of providers whose tokens are kept no more.
   *
   * @param keeping the providers whose tokens are kept
   * @returns how many
   */
  async deleteOld(
    manager: EntityManager,
    keeping: readonly string[],
    limit: number,
  ): Promise<number> {
    const [, count] = await manager.query<[unknown[], number]>(
      `DELETE FROM identity_tokens WHERE identity_id IN (
         SELECT identity_id FROM identity_tokens JOIN identities ON identities.id = identity_id
         WHERE used_at < clock_timestamp() - interval '${UNUSED_DAYS} days'
           OR provider <> ALL($1)
         LIMIT $2)`,
      [keeping, limit],
    );
    return count;
  }

  /**
   * Encrypts with the newest secret what an older one has encrypted, in a batch of identities that come after
   * one; what this process cannot read stays as it is.
   *
   * @returns the last of the batch; null when there was none
   */
  async renewEncryption(
    manager: EntityManager,
    after: string,
    limit: number,
  ): Promise<string | null> {
    const rows = await manager.query<EncryptedRow[]>(
      `SELECT ${ENCRYPTED} FROM identity_tokens
       WHERE identity_id > $2 AND (encrypted_by < $1 OR encrypted_by > $1)
       ORDER BY identity_id LIMIT $3 FOR NO KEY UPDATE`,
      [this.cipher.keyName, after, limit],
    );
    for (const { identityId, encryptedTokens } of rows) {
      const tokens = this.cipher.decrypt(identityId, encryptedTokens);
      if (tokens === null) continue;
      await manager.query(
        'UPDATE identity_tokens SET encrypted_tokens = $2, encrypted_by = $3 WHERE identity_id = $1',
        [identityId, this.cipher.encrypt(identityId, tokens), this.cipher.keyName],
      );
    }
    return rows.at(-1)?.identityId ?? null;
  }
}
