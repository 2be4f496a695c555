import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Clock } from '../../../platform/clock/clock.js';
import { LatchkeyError } from '../../../platform/errors/latchkey-error.js';
import { Users } from '../../../users/accounts/users.js';
import type { KeptTokens } from '../../../users/identities/identity-token-cipher.js';
import {
  IdentityTokenStore,
  type IdentityTokens,
} from '../../../users/identities/identity-token-store.js';
import { externalErrors } from '../external.errors.js';
import type { ExternalProvider } from '../external-provider.js';
import { ExternalProviders } from '../external-providers.js';
import { tokensToKeep } from './tokens-to-keep.js';

/** What a feature calls a provider's API with. A secret of the person's: for no log and no browser. */
export interface ProviderToken {
  readonly accessToken: string;
  /** Null: the provider has not said. */
  readonly expiresAt: Date | null;
  /** As the provider wrote it; null where it said nothing, which means what was asked for (RFC 6749 section 5.1). */
  readonly scope: string | null;
}

interface Usable extends IdentityTokens {
  readonly tokens: KeptTokens;
}

/** What is over by the time that it arrives is over now. */
const MARGIN_SECONDS = 30;
/** Longer than an instance asks a provider: it reads its metadata and asks once, five seconds each. */
const CLAIM_SECONDS = 30;
/** How long others wait for it. */
const PATIENCE_MILLISECONDS = 15_000;
const LOOK_AGAIN_MILLISECONDS = 100;

/**
 * What the providers that people sign in through have given for their own API, of those with
 * `EXTERNAL_<ID>_KEEP_TOKENS=on`: your feature reads a calendar, say. Import `ExternalModule` into your module.
 *
 * @example
 * ```ts
 * const { accessToken } = await this.providerTokens.get(user.userId, 'google');
 * ```
 */
@Injectable()
export class ProviderTokens {
  private readonly logger = new Logger('External');
  private readonly underWay = new Map<string, Promise<ProviderToken>>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly users: Users,
    private readonly providers: ExternalProviders,
    private readonly store: IdentityTokenStore,
  ) {}

  /**
   * An access token for at least 30 seconds. When it is over, the provider is asked for the next one: by one
   * instance at a time, while whoever else asks waits for up to 15 seconds; what the provider gives in place of the
   * refresh token is kept in the same statement.
   *
   * @param provider its id in `EXTERNAL_PROVIDERS`; where an account has several identities there, the one that
   *   signed in last
   * @param refused an access token that the provider's API has answered 401: it is over, whatever its time
   * @throws LatchkeyError `auth.external_sign_in_needed` when nothing is kept, or the provider refuses to go on:
   *   what was kept is deleted then, and the person has to sign in through it again; also for an account that is
   *   not active. `auth.external_unavailable` when the provider does not answer: what is kept stays.
   *   `auth.external_unknown`
   */
  async get(
    userId: string,
    provider: string,
    { refused }: { readonly refused?: string } = {},
  ): Promise<ProviderToken> {
    const from = this.providers.get(provider);
    const account = await this.users.findAccountById(userId);
    if (account?.status !== 'active') throw externalErrors.signInNeeded();
    const kept = await this.require(userId, from);
    if (!this.isOver(kept.tokens) && kept.tokens.accessToken !== refused) {
      await this.store.used(this.dataSource.manager, kept);
      return shown(kept.tokens);
    }
    const { identityId } = kept;
    const refreshing =
      this.underWay.get(identityId) ??
      this.refresh(userId, from, kept).finally(() => this.underWay.delete(identityId));
    this.underWay.set(identityId, refreshing);
    return refreshing;
  }

  /** No connection is held while the provider is asked: a slow one slows nobody else down. */
  private async refresh(
    userId: string,
    provider: ExternalProvider,
    kept: Usable,
  ): Promise<ProviderToken> {
    const { manager } = this.dataSource;
    const { refreshToken } = kept.tokens;
    if (refreshToken === null) {
      await this.store.delete(manager, kept);
      throw externalErrors.signInNeeded();
    }
    if (!(await this.store.claim(manager, kept, CLAIM_SECONDS)))
      return this.awaitOther(userId, provider, kept);
    const next = await this.ask(provider, refreshToken, kept);
    const isKept = await this.store.replace(manager, kept, next);
    // Otherwise the person has signed in meanwhile, and what that brought is newer.
    return shown(isKept ? next : (await this.require(userId, provider)).tokens);
  }

  private async ask(
    provider: ExternalProvider,
    refreshToken: string,
    kept: Usable,
  ): Promise<KeptTokens> {
    const { manager } = this.dataSource;
    try {
      const given = await provider.refresh(refreshToken, kept);
      const { issuedTo } = kept.tokens;
      const next = tokensToKeep(given, { issuedTo, nowMilliseconds: this.clock.now() });
      if (next === null) throw new Error('The provider gives tokens that cannot be kept.');
      return {
        ...next,
        refreshToken: next.refreshToken ?? refreshToken,
        scope: next.scope ?? kept.tokens.scope,
      };
    } catch (error) {
      if (!(error instanceof LatchkeyError)) this.logger.error(error);
      const told = error instanceof LatchkeyError ? error : externalErrors.unavailable();
      if (externalErrors.signInNeeded.is(told)) await this.store.delete(manager, kept);
      else await this.store.release(manager, kept);
      throw told;
    }
  }

  /** Another instance asks: what it is given is good here. */
  private async awaitOther(
    userId: string,
    provider: ExternalProvider,
    { identityId, version }: Usable,
  ): Promise<ProviderToken> {
    const end = this.clock.monotonic() + PATIENCE_MILLISECONDS;
    while (this.clock.monotonic() < end) {
      const now = await this.require(userId, provider);
      if (now.identityId !== identityId || now.version !== version) return shown(now.tokens);
      if (!now.isRefreshing) break;
      await pause(LOOK_AGAIN_MILLISECONDS);
    }
    throw externalErrors.unavailable();
  }

  private async require(userId: string, provider: ExternalProvider): Promise<Usable> {
    const kept = await this.store.find(this.dataSource.manager, userId, provider.id);
    if (kept === null || kept.tokens === null) throw externalErrors.signInNeeded();
    // Of another registration: the provider that there is now never sees them.
    if (kept.tokens.issuedTo !== provider.registration) throw externalErrors.signInNeeded();
    return { ...kept, tokens: kept.tokens };
  }

  private isOver({ expiresAt }: KeptTokens): boolean {
    return expiresAt !== null && expiresAt - MARGIN_SECONDS <= this.clock.now() / 1_000;
  }
}

function shown({ accessToken, expiresAt, scope }: KeptTokens): ProviderToken {
  return {
    accessToken,
    expiresAt: expiresAt === null ? null : new Date(expiresAt * 1_000),
    scope,
  };
}
