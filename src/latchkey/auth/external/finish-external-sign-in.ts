import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { DataSource, type EntityManager } from 'typeorm';
import { actorOf } from '../../audit/current-actor.decorator.js';
import { Clock } from '../../platform/clock/clock.js';
import { LatchkeyError } from '../../platform/errors/latchkey-error.js';
import type { TokenResponse } from '../session/session.dto.js';
import { TokenDelivery } from '../session/token-delivery.js';
import type { Delivery } from '../sign-in/sign-in.dto.js';
import { SignInFailures } from '../sign-in/sign-in-failures.js';
import { ExternalConfig } from './external.config.js';
import { externalErrors } from './external.errors.js';
import { StateCookies } from './external-cookies.js';
import type { ExternalIdentity } from './external-provider.js';
import { ExternalProviders } from './external-providers.js';
import { type BegunSignIn, ExternalStates } from './external-states.js';
import { type JudgedIdentity, judgeIdentity } from './judged-identity.js';
import { tokensToKeep } from './kept-tokens/tokens-to-keep.js';
import { LinkIdentity } from './linking/link-identity.js';
import { SettleIdentity } from './linking/settle-identity.js';
import { RedirectUris } from './redirect-uris.js';
import { ReturnAddresses } from './return-addresses.js';
import { UsedTokens } from './used-tokens.js';

/** What a form holds of the person beside the answer: Apple's `user`. Nobody has signed it. */
const ASIDE = 'user';

/** The second half of signing in through a provider: the browser comes back. */
@Injectable()
export class FinishExternalSignIn {
  private readonly logger = new Logger('External');

  constructor(
    private readonly dataSource: DataSource,
    private readonly providers: ExternalProviders,
    private readonly states: ExternalStates,
    private readonly cookies: StateCookies,
    private readonly usedTokens: UsedTokens,
    private readonly returns: ReturnAddresses,
    private readonly redirects: RedirectUris,
    private readonly settleIdentity: SettleIdentity,
    private readonly links: LinkIdentity,
    private readonly failures: SignInFailures,
    private readonly delivery: TokenDelivery,
    private readonly config: ExternalConfig,
    private readonly clock: Clock,
  ) {}

  /**
   * Where the browser goes on, signed in or with what went wrong.
   *
   * @param answer of the provider, of which nothing is verified yet
   * @throws LatchkeyError `auth.external_unknown`
   */
  async finish(reply: FastifyReply, id: string, answer: URLSearchParams): Promise<string> {
    this.providers.get(id);
    const state = answer.get('state') ?? '';
    const aside = this.cookies.takeAside(reply, state);
    const begun = await this.states.redeem(reply, id, state);
    if (begun === null) return this.returns.failed(null, externalErrors.stateInvalid(), id);
    answer.delete(ASIDE);
    if (aside !== null) answer.set(ASIDE, aside);
    try {
      await this.go(reply, id, begun, answer);
      return this.returns.succeeded(begun.returnTo);
    } catch (error) {
      if (error instanceof LatchkeyError) return this.returns.failed(begun.returnTo, error, id);
      throw error;
    }
  }

  /**
   * An answer that the browser posts across sites, without its cookies (`response_mode=form_post`): it is sent
   * once more, by a browser that comes from here. What it says of the person takes a cookie.
   *
   * @throws LatchkeyError `auth.external_unknown`
   */
  async comeAgain(reply: FastifyReply, id: string, answer: URLSearchParams): Promise<string> {
    this.providers.get(id);
    const state = answer.get('state') ?? '';
    if (!(await this.states.isBegun(state)))
      return this.returns.failed(null, externalErrors.stateInvalid(), id);
    const address = new URL(this.redirects.of(id));
    for (const name of ['code', 'state', 'iss', 'error']) {
      const value = answer.get(name);
      if (value !== null) address.searchParams.set(name, value);
    }
    const aside = answer.get(ASIDE);
    if (aside !== null) this.cookies.keepAside(reply, state, aside);
    return address.href;
  }

  /**
   * Signs in by an ID token that an app has got by itself, with the pre-image of its nonce. Each works once, on
   * however many instances: what has signed in, or has begun a proof or a second factor, does not do it again.
   *
   * @throws LatchkeyError `auth.external_unknown`, `auth.cross_site`, `auth.external_refused` also for one that
   *   has been used, what `ExternalProvider.identify` and `SettleIdentity.settle` throw
   */
  async byToken(
    reply: FastifyReply,
    id: string,
    { idToken, nonce, delivery }: { idToken: string; nonce: string; delivery: Delivery },
  ): Promise<TokenResponse> {
    const provider = this.providers.get(id);
    this.delivery.requireOwnSite(reply.request, delivery);
    const identity = await this.judge(reply, id, () => provider.identify(idToken, nonce));
    const consume = (manager: EntityManager) => this.usedTokens.add(manager, identity, nonce);
    const answered = { delivery, boundToBrowser: false, consume };
    try {
      return await this.settleIdentity.settle(reply, identity, answered);
    } catch (error) {
      await this.recordRefusal(reply, error);
      throw error;
    }
  }

  private async go(
    reply: FastifyReply,
    id: string,
    begun: BegunSignIn,
    answer: URLSearchParams,
  ): Promise<void> {
    const provider = this.providers.get(id);
    const { link, state, nonce, codeVerifier } = begun;
    const request = { state, nonce, codeVerifier, redirectUri: this.redirects.of(id) };
    const identity = await this.judge(reply, id, () => provider.finish(request, answer));
    if (link === null || link.userId === null) {
      const delivery = { delivery: 'cookie', boundToBrowser: true } as const;
      await this.settleIdentity.settle(reply, identity, delivery);
      return;
    }
    const mayRaise = link.details.mayRaise === true;
    const added = { ...identity, mayRaise };
    const { userId } = link;
    await this.dataSource.transaction(async (manager) => {
      await this.states.consume(manager, link);
      await this.links.linkWithin(manager, userId, added, reply.request);
    });
  }

  /** Whatever a provider does, a team's own class included, it is no error of the server's. */
  private async judge(
    reply: FastifyReply,
    id: string,
    ask: () => Promise<ExternalIdentity>,
  ): Promise<JudgedIdentity> {
    try {
      const said = await ask();
      return { ...judgeIdentity(id, said), ...this.toKeep(id, said) };
    } catch (error) {
      if (!(error instanceof LatchkeyError)) this.logger.error(error);
      const told = error instanceof LatchkeyError ? error : externalErrors.refused();
      await this.recordRefusal(reply, told);
      throw told;
    }
  }

  private toKeep(id: string, { tokens }: ExternalIdentity): Pick<JudgedIdentity, 'tokens'> {
    if (tokens === undefined || !this.config.of(id).keepsTokens) return {};
    const issuedTo = this.providers.get(id).registration;
    const kept = tokensToKeep(tokens, { issuedTo, nowMilliseconds: this.clock.now() });
    if (kept !== null) return { tokens: kept };
    this.logger.warn(`${id}: the tokens that it gives have no form that can be kept.`);
    return {};
  }

  private async recordRefusal({ request }: FastifyReply, error: unknown): Promise<void> {
    if (!externalErrors.refused.is(error)) return;
    await this.failures.record(null, 'external_refused', actorOf(request));
  }
}
