import { isOver, namesNoSession, refusesToken } from './answers.js';
import type { AuthApi } from './auth-api.js';
import {
  type HeldToken,
  type Principal,
  readToken,
  readTokenResponse,
  type TokenResponse,
} from './held-token.js';
import type { RefreshTokenStorage } from './refresh-token-storage.js';
import { singleFlight } from './single-flight.js';
import type { ShownFactor } from './step-up.js';
import { type News, ownTurns, tabTurns } from './tabs.js';
import { withRetries } from './with-retries.js';

export type Listener = (principal: Principal | null) => void;

/**
 * The one session that a client holds: its access token in memory, its refresh token in the
 * browser's cookie or in a storage.
 */
export class ClientSession {
  readonly listeners = new Set<Listener>();
  /** Undefined until the server has been asked, null without a session. */
  private held: HeldToken | null | undefined;
  /** The sessions whose end is known here: a token of one that comes late brings none of them back. */
  private readonly ended = new Set<string>();
  private readonly turns;
  private readonly renewOnce = singleFlight((old: HeldToken | undefined) =>
    withRetries(() => this.turns.take(() => this.renewInTurn(old))),
  );

  /**
   * @param storage null when the browser keeps the refresh token
   * @param name of the tabs' channel and lock; null when there are no tabs
   */
  constructor(
    private readonly api: AuthApi,
    private readonly storage: RefreshTokenStorage | null,
    name: string | null,
  ) {
    this.turns = name === null ? ownTurns() : tabTurns(name, (news) => this.hear(news));
  }

  private get delivery() {
    return this.storage === null ? 'cookie' : 'body';
  }

  get principal(): Principal | null {
    return this.held?.principal ?? null;
  }

  /**
   * The token to send now: renewed shortly before it ends, and until then as good as ever if it cannot
   * be. Null without a session, and when the one of a moment ago has given way to another.
   */
  async token(): Promise<HeldToken | null> {
    const { held } = this;
    if (held && !held.isDue) return held;
    if (held === null) return null;
    return this.renew(held).catch((error) => {
      if (held && held === this.held && !held.isExpired) return held;
      throw error;
    });
  }

  /** The session that there is at the start of a page or process, if there is one. */
  async restore(): Promise<Principal | null> {
    await this.token().catch((error) => {
      if (!isOver(error)) throw error;
    });
    return this.principal;
  }

  /** @param path of the route that answers with tokens, and takes the `delivery` that is wanted */
  signIn(path: string, proof: object): Promise<Principal> {
    const { delivery } = this;
    return this.turns.take(async () => {
      const answer = await this.api.post(path, { ...proof, delivery });
      return (await this.begin(readTokenResponse(answer))).principal;
    });
  }

  /** In its turn: a refresh at the same moment could leave the cookie of the session that ends. */
  async changePassword(currentPassword: string, newPassword: string): Promise<Principal> {
    const body = { currentPassword, newPassword, delivery: this.delivery };
    const change = (token: HeldToken | null) =>
      this.turns.take(async () => {
        const answer = await this.api.post('auth/password/change', body, token?.accessToken);
        const begun = await this.begin(readTokenResponse(answer), token?.principal.sessionId);
        return begun.principal;
      });
    const token = await this.token();
    return change(token).catch(async (error) => {
      if (token === null || !refusesToken(error.code)) throw error;
      return change(await this.renew(token));
    });
  }

  /** The same session goes on with another access token. */
  async stepUp(shown: ShownFactor): Promise<Principal> {
    const show = (token: HeldToken | null) =>
      this.turns.take(async () => {
        const answer = await this.api.post('auth/step-up', shown, token?.accessToken);
        const { held } = readTokenResponse(answer);
        if (!this.hasEnded(held)) this.hold(held);
        await this.turns.tell({ token: held.received });
        return held.principal;
      });
    const token = await this.token();
    return show(token).catch(async (error) => {
      if (token === null || !refusesToken(error.code)) throw error;
      return show(await this.renew(token));
    });
  }

  logOut(): Promise<void> {
    const ask = async () => {
      // The other tabs are told which session it is that ends: one not yet known is taken up first.
      if (this.held === undefined && this.storage === null) await this.renewInTurn(undefined);
      const { principal } = this;
      const refreshToken = await this.storage?.get();
      await this.api
        .post('auth/logout', refreshToken ? { refreshToken } : undefined, this.held?.accessToken)
        .catch((error) => {
          if (!namesNoSession(error)) throw error;
        });
      await this.end(principal?.sessionId);
    };
    return withRetries(() => this.turns.take(ask));
  }

  /** For when the server has ended it in another way than by `logOut`. */
  forget(sessionId: string): Promise<void> {
    return this.turns.take(() => this.end(sessionId));
  }

  /**
   * For a page that is looked at again and is signed out: somebody may have signed in on a page of
   * another origin, which cannot tell it.
   */
  async takeUp(): Promise<void> {
    if (this.held !== null) return;
    this.held = undefined;
    await this.renew(undefined).catch(() => undefined);
  }

  /**
   * For a page that the browser brings back as it was: other tabs may have signed in or out since,
   * and it has not heard of it.
   */
  async resume(): Promise<void> {
    if (this.held) await this.renew(this.held).catch(() => undefined);
    else this.held = undefined;
  }

  /**
   * Another token in place of one that is due or was refused. Parallel calls share one renewal.
   *
   * @returns null when that session is over, unless one of the same user is in its place: what was
   *   asked in the name of one user is not to be sent in the name of another
   */
  async renew(old: HeldToken | undefined): Promise<HeldToken | null> {
    const next = await (this.held === old ? this.renewOnce(old) : this.token());
    return old === undefined || next?.isOfUserOf(old) ? next : null;
  }

  private async renewInTurn(old: HeldToken | undefined): Promise<HeldToken | null> {
    if (this.held !== old) return this.held ?? null;
    try {
      const renewed = readTokenResponse(await this.api.refresh(this.storage));
      // Meanwhile another tab has signed in or out, which counts for more.
      if (this.held !== old || this.hasEnded(renewed.held)) return this.held ?? null;
      return await this.begin(renewed);
    } catch (error) {
      if (!isOver(error)) throw error;
      if (this.held !== old) return this.held ?? null;
      await this.end(old?.principal.sessionId);
      if (old === undefined) return null;
      throw error;
    }
  }

  /** @param ended the session that it takes the place of */
  private async begin({ held, refreshToken }: TokenResponse, ended?: string): Promise<HeldToken> {
    await this.storage?.set(refreshToken);
    this.hold(held);
    if (ended) this.hearEnd(ended);
    await this.turns.tell({ token: held.received, ended });
    return held;
  }

  /** Does nothing when another session has begun meanwhile. */
  private async end(sessionId: string | undefined): Promise<void> {
    if (sessionId !== this.principal?.sessionId) return;
    this.hold(null);
    await this.storage?.set(null);
    if (sessionId === undefined) return;
    this.ended.add(sessionId);
    await this.turns.tell({ ended: sessionId });
  }

  private hasEnded({ principal }: HeldToken): boolean {
    return this.ended.has(principal.sessionId);
  }

  /**
   * Takes the token first, so that listeners do not hear of the end of a session that it has
   * replaced.
   */
  private hear({ token, ended }: News): void {
    const held = token && readToken(token);
    if (held && !this.hasEnded(held)) this.hold(held);
    if (ended) this.hearEnd(ended);
  }

  private hearEnd(sessionId: string): void {
    this.ended.add(sessionId);
    if (sessionId === this.principal?.sessionId) this.hold(null);
  }

  private hold(held: HeldToken | null): void {
    const changed = held ?? this.principal;
    this.held = held;
    if (!changed) return;
    // A listener that throws must not stop what goes on here.
    for (const listener of this.listeners) Promise.resolve(this.principal).then(listener);
  }
}
