import { type AccountCalls, accountCalls } from './account-calls.js';
import { answerOf, noAnswer } from './answers.js';
import { AuthApi } from './auth-api.js';
import { authorizedFetch } from './authorized-fetch.js';
import { ClientSession, type Listener } from './client-session.js';
import { type ExternalCalls, externalCalls } from './external-calls.js';
import { type FactorCalls, factorCalls } from './factor-calls.js';
import type { Principal } from './held-token.js';
import { memoryStorage, type RefreshTokenStorage } from './refresh-token-storage.js';
import type { OnStepUp, ShownFactor } from './step-up.js';
import { onLookedAt, onReturn } from './tabs.js';

export interface ClientOptions {
  /** Where Latchkey serves, such as `https://api.example.com`. In a page it may be relative. */
  readonly baseUrl: string | URL;
  /** `cookie` in browsers, where scripts never see the refresh token; `body` everywhere else. */
  readonly delivery: 'cookie' | 'body';
  /** With body delivery, where the refresh token is kept. Default: in memory. */
  readonly storage?: RefreshTokenStorage;
  /**
   * Called when a request of `fetch` is refused because the sign-in is not sure enough or too long ago.
   * Show what is asked for by `client.stepUp`, and return true to have the request repeated, once. Calls
   * that are refused meanwhile wait for the same answer.
   */
  readonly onStepUp?: OnStepUp;
}

/** A client signed in as one user, or as none. Its functions can be passed on by themselves. */
export interface Client extends AccountCalls, FactorCalls, ExternalCalls {
  /** Who is signed in; null when signed out, and until the session is restored. */
  readonly principal: Principal | null;

  /**
   * Takes up the session that there is: call it when a page or process starts.
   *
   * @returns null when there is none
   * @throws LatchkeyClientError when the server cannot be asked; the session is not lost
   */
  restore(): Promise<Principal | null>;

  /** Gets another access token, which says what has changed meanwhile: roles, or what has been shown. */
  refresh(): Promise<Principal | null>;

  /** @throws LatchkeyClientError such as `users.email_taken`, `request.invalid` */
  register(email: string, password: string, name?: string): Promise<void>;

  /** @throws LatchkeyClientError such as `auth.invalid_credentials`, `throttle.too_many_requests` */
  login(email: string, password: string): Promise<Principal>;

  /**
   * Signs in by a route that answers with tokens, such as one of your own.
   *
   * @param path relative to `baseUrl`
   * @param proof its body; `delivery` is added
   */
  signIn(path: string, proof: object): Promise<Principal>;

  /**
   * Calls a route in the user's name, as `fetch` does.
   *
   * @param body sent as JSON
   * @returns what it answers; null for 204
   * @throws LatchkeyClientError as the server says, and as `fetch` does
   */
  call(method: string, path: string, body?: object): Promise<unknown>;

  /**
   * Shows a factor again, or another one: the same session, a new access token, in all tabs.
   *
   * @throws LatchkeyClientError such as `auth.invalid_credentials`, `auth.factor_invalid`
   */
  stepUp(shown: ShownFactor): Promise<Principal>;

  /**
   * Replaces the user's password. Every session of theirs ends, on every device, and a new one takes
   * the place of this one, in all tabs.
   *
   * @throws LatchkeyClientError such as `auth.invalid_credentials`, `request.invalid`
   */
  changePassword(currentPassword: string, newPassword: string): Promise<Principal>;

  /**
   * Ends the session, in all tabs.
   *
   * @throws LatchkeyClientError when the server cannot be told; the session then goes on
   */
  logout(): Promise<void>;

  /**
   * Ends every session of the user, on every device.
   *
   * @returns how many there were
   * @throws LatchkeyClientError as `logout` and `fetch` do
   */
  logoutAll(): Promise<number>;

  /**
   * `fetch` with the access token, which is renewed shortly before it ends. An answer that refuses
   * the token has it renewed and the request repeated, once; a stream cannot be repeated, and its
   * 401 is returned. Relative addresses are relative to `baseUrl`. Sends no token when signed out,
   * or when another user has signed in meanwhile.
   *
   * @throws LatchkeyClientError `client.other_origin` before anything is sent; as the server says
   *   when the session is over; `client.no_answer` or such when the token could not be renewed,
   *   and the session goes on; otherwise as `fetch` itself does, by the signal's reason too
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;

  /**
   * Hears of every sign-in, of every new access token (roles may have changed) and, once, with
   * null, of the session's end, in any tab.
   *
   * @returns what ends it
   */
  onChange(listener: Listener): () => void;
}

/** A client for browsers and Node, without dependencies. The access token stays in memory. */
export function createClient(options: ClientOptions): Client {
  const { baseUrl, delivery, storage, onStepUp } = options;
  const page = (globalThis as { location?: { href: string; assign(address: string): void } })
    .location;
  const base = new URL(baseUrl, page?.href);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const byCookie = delivery === 'cookie';
  const credentials = byCookie ? 'include' : 'omit';
  const api = new AuthApi(base, credentials);
  const session = new ClientSession(
    api,
    byCookie ? null : (storage ?? memoryStorage()),
    // The cookie is what makes tabs share a session, and only browsers have one.
    byCookie && page ? `latchkey ${base.href}` : null,
  );
  const fetch = authorizedFetch(base, session, onStepUp);
  const ask = async (method: string, path: string, body?: object) => {
    const sent = body && {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    };
    const call = fetch(new URL(path, base), { method, credentials, ...sent });
    const response = await call.catch((cause) => {
      throw noAnswer(cause);
    });
    return answerOf(response);
  };
  const askLast = async (path: string) => {
    const token = await session.token();
    const answer = await ask('POST', path);
    if (token) await session.forget(token.principal.sessionId);
    return answer;
  };
  if (page) {
    onReturn(() => session.resume());
    onLookedAt(() => session.takeUp());
  }

  const signIn = (path: string, proof: object) => session.signIn(path, proof);
  const refresh = async () => {
    const token = await session.token();
    if (token) await session.renew(token);
    return session.principal;
  };

  return {
    ...accountCalls({ post: (path, body) => api.post(path, body), ask, askLast, signIn }),
    ...factorCalls({ ask, refresh }),
    ...externalCalls({ ask, signIn, leadTo: (path) => page?.assign(`${new URL(path, base)}`) }),
    refresh,
    call: ask,
    signIn,
    get principal() {
      return session.principal;
    },
    restore: () => session.restore(),
    register: async (email, password, name) => {
      await api.post('auth/register', { email, password, ...(name && { name }) });
    },
    login: (email, password) => signIn('auth/login', { email, password }),
    stepUp: (shown) => session.stepUp(shown),
    changePassword: (current, next) => session.changePassword(current, next),
    logout: () => session.logOut(),
    logoutAll: async () => Number(Object(await askLast('auth/logout-all')).revoked),
    fetch,
    onChange: (listener) => {
      session.listeners.add(listener);
      return () => session.listeners.delete(listener);
    },
  };
}
