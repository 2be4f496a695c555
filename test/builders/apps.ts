import { createHash, randomBytes } from 'node:crypto';
import type { Answer, ApiClient } from '../support/api-client.js';
import type { TestApp } from '../support/test-app.js';
import { PASSWORD, type SignedIn, signUp } from './accounts.js';
import { cookieHeaderOf } from './browsers.js';
import { postForm } from './clients.js';

export const CALLBACK = 'https://shop.example.com/callback';
export const SSO_COOKIE = '__Host-latchkey-sso';

/** An app that people sign in at. */
export interface App {
  readonly id: string;
  /** Absent for a public one. */
  readonly secret?: string;
}

/** A new app: a partner's with a secret, unless told otherwise. */
export async function registerApp(
  api: ApiClient,
  { accessToken: token }: SignedIn,
  fields: Record<string, unknown> = {},
): Promise<App> {
  const body = {
    name: 'Shop',
    roles: [],
    redirectUris: [CALLBACK],
    scopes: ['openid', 'profile', 'email', 'offline_access', 'roles'],
    ...fields,
  };
  const answer = await api.post('/admin/clients', body, { token });
  if (answer.status !== 201) throw new Error(`Registering an app answered ${answer.text}.`);
  return { id: answer.body.id, secret: answer.body.secret };
}

/** Somebody at a browser who has signed in to Latchkey by its page. */
export interface AtBrowser {
  readonly userId: string;
  readonly email: string;
  readonly sessionId: string;
  /** What its page has in memory. */
  readonly accessToken: string;
  /** What the browser sends along a link from another site. */
  readonly cookie: string;
  /** What it sends along the calls of its page. */
  readonly ownCookies: string;
}

export async function signInAtBrowser(api: ApiClient, email: string): Promise<AtBrowser> {
  const answer = await api.post('/auth/login', { email, password: PASSWORD });
  if (answer.status !== 200) throw new Error(`Signing in answered ${answer.status}.`);
  const { user, sessionId, accessToken } = answer.body;
  return {
    userId: user.id,
    email,
    sessionId,
    accessToken,
    cookie: cookieHeaderOf(answer, SSO_COOKIE),
    ownCookies: cookieHeaderOf(answer),
  };
}

export async function signUpAtBrowser(app: Pick<TestApp, 'api'>): Promise<AtBrowser> {
  return signInAtBrowser(app.api, (await signUp(app)).email);
}

/** What an app keeps of a request until its answer comes. */
export interface Asked {
  readonly verifier: string;
  readonly parameters: Record<string, string>;
}

export function newVerifier(): string {
  return randomBytes(32).toString('base64url');
}

export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

/** A request that is right; a parameter that is empty is left out. */
export function askFor({ id }: App, changed: Record<string, string> = {}): Asked {
  const verifier = newVerifier();
  const all = {
    client_id: id,
    redirect_uri: CALLBACK,
    response_type: 'code',
    scope: 'openid offline_access',
    state: 'state of the app',
    nonce: 'nonce of the app',
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    ...changed,
  };
  const given = Object.entries(all).filter(([, value]) => value !== '');
  return { verifier, parameters: Object.fromEntries(given) };
}

/** Where the authorization endpoint leads. */
export interface Led {
  readonly status: number;
  /** Without query and fragment. */
  readonly to: string;
  readonly query: Record<string, string>;
  /** What the page is asked. */
  readonly sealed: string;
  readonly text: string;
}

export function ledTo(answer: Answer<unknown>): Led {
  const location = answer.headers.get('location') ?? '';
  const [address = '', sealed = ''] = location.split('#');
  const [to = '', query = ''] = address.split('?');
  const { status, text } = answer;
  return { status, to, query: Object.fromEntries(new URLSearchParams(query)), sealed, text };
}

export async function authorize(
  api: ApiClient,
  parameters: Record<string, string>,
  cookie?: string,
): Promise<Led> {
  const query = new URLSearchParams(parameters);
  return ledTo(await api.get(`/oauth/authorize?${query}`, { cookie }));
}

/** Says yes on the page that was led to. */
export async function consent(
  api: ApiClient,
  { accessToken: token, cookie }: AtBrowser,
  { sealed }: Pick<Led, 'sealed'>,
): Promise<Led> {
  const answer = await api.post('/auth/consents', { request: sealed }, { token });
  if (answer.status !== 200) throw new Error(`Consenting answered ${answer.text}.`);
  return ledTo(await api.get(answer.body.goOn, { cookie }));
}

/** A code of whoever is at the browser, who consents where they are asked. */
export async function codeFor(
  api: ApiClient,
  app: App,
  person: AtBrowser,
  changed: Record<string, string> = {},
): Promise<{ readonly code: string; readonly asked: Asked }> {
  const asked = askFor(app, changed);
  const first = await authorize(api, asked.parameters, person.cookie);
  const led = first.sealed === '' ? first : await consent(api, person, first);
  const { code } = led.query;
  if (code === undefined) throw new Error(`No code came: ${led.status} ${led.to} ${led.text}`);
  return { code, asked };
}

/** Shows a code at the token endpoint. */
export function redeem(
  api: ApiClient,
  { id, secret }: App,
  { code, asked }: { readonly code: string; readonly asked: Asked },
  changed: Record<string, string> = {},
) {
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: asked.parameters.redirect_uri ?? '',
    code_verifier: asked.verifier,
    ...(secret === undefined && { client_id: id }),
    ...changed,
  };
  return postForm(api, '/oauth/token', form, secret === undefined ? undefined : { id, secret });
}

export interface AtApp {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
}

/** Signs whoever is at the browser in at an app. */
export async function signInAtApp(
  api: ApiClient,
  app: App,
  person: AtBrowser,
  changed: Record<string, string> = {},
): Promise<AtApp> {
  const answer = await redeem(api, app, await codeFor(api, app, person, changed));
  if (answer.status !== 200) throw new Error(`Redeeming answered ${answer.text}.`);
  const { access_token: accessToken, refresh_token: refreshToken, id_token: idToken } = answer.body;
  return { accessToken, refreshToken, idToken };
}
