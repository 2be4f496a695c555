import {
  type App,
  type AtBrowser,
  CALLBACK,
  challengeOf,
  newVerifier,
} from '../../../builders/apps.js';
import type { ForeignProgram } from '../../../support/foreign-program.js';
import { formOf, type Input } from './inputs.js';

/** A provider, and somebody who is signed in there. */
export interface Provider {
  readonly origin: string;
  readonly authorize: string;
  readonly token: string;
  readonly revocation: string;
  readonly cookie: string;
}

export const RIGHT_REQUEST = {
  response_type: 'code',
  redirect_uri: CALLBACK,
  scope: 'openid',
  state: 'state',
  nonce: 'nonce',
  code_challenge_method: 'S256',
};

export function ours(origin: string, { cookie }: AtBrowser): Provider {
  return {
    origin,
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    revocation: '/oauth/revoke',
    cookie,
  };
}

/** Signs somebody in at `oidc-provider` by its own pages. */
export async function theirs({ origin }: ForeignProgram, { id }: App): Promise<Provider> {
  const cookies = new Map<string, string>();
  const challenge = challengeOf(newVerifier());
  const query = new URLSearchParams({ ...RIGHT_REQUEST, client_id: id, code_challenge: challenge });
  let next = new URL(`/auth?${query}`, origin);
  while (next.origin === origin) {
    if (next.pathname.startsWith('/interaction/')) next.searchParams.set('as', 'ada');
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(next, { redirect: 'manual', headers: { cookie } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const to = response.headers.get('location');
    if (to === null) throw new Error(`It answered ${response.status}: ${await response.text()}`);
    next = new URL(to, next);
  }
  const session = [...cookies].filter(([name]) => name.startsWith('_session'));
  const cookie = session.map(([name, value]) => `${name}=${value}`).join('; ');
  return { origin, authorize: '/auth', token: '/token', revocation: '/token/revocation', cookie };
}

/**
 * What becomes of a request for a code, in words: `code`, `asks` somebody, `shown` to the person as an error, or `sent:
 * error` to the app; and how, where not in the query.
 */
export async function authorized(
  { origin, authorize, cookie }: Provider,
  query: URLSearchParams,
): Promise<string> {
  const response = await fetch(`${origin}${authorize}?${query}`, {
    redirect: 'manual',
    headers: { cookie, accept: 'application/json' },
  });
  const text = await response.text();
  const location = response.headers.get('location');
  if (location === null) return byForm(text) ?? 'shown';
  const to = new URL(location, origin + authorize);
  if (to.origin === origin) return 'asks';
  const fragment = new URLSearchParams(to.hash.slice(1));
  if (fragment.size > 0) return `${saidIn(fragment)}, in the fragment`;
  return saidIn(to.searchParams);
}

function saidIn(answer: URLSearchParams): string {
  return answer.has('code') ? 'code' : `sent: ${answer.get('error')}`;
}

/** OAuth 2.0 Form Post Response Mode. */
function byForm(page: string): string | undefined {
  const fields = page.matchAll(/<input[^>]*name="(\w+)"[^>]*value="([^"]*)"/g);
  const answer = new URLSearchParams();
  for (const [, name = '', value = ''] of fields) answer.append(name, value);
  return answer.size === 0 ? undefined : `${saidIn(answer)}, by a form`;
}

/** A fresh code, for the verifier that it is asked with. */
export async function freshCode(
  { origin, authorize, cookie }: Provider,
  { id }: App,
  verifier: string,
  scope: string,
): Promise<string> {
  const more = { client_id: id, code_challenge: challengeOf(verifier), scope };
  const query = new URLSearchParams({ ...RIGHT_REQUEST, ...more });
  const response = await fetch(`${origin}${authorize}?${query}`, {
    redirect: 'manual',
    headers: { cookie },
  });
  await response.text();
  const code = new URL(response.headers.get('location') ?? '', origin).searchParams.get('code');
  if (code === null) throw new Error(`${origin} gives no code.`);
  return code;
}

/** What becomes of a request for tokens: `tokens`, or `400 error`. */
export async function tokensFor(
  provider: Provider,
  right: Record<string, string>,
  input: Input,
): Promise<string> {
  const { status, body } = await post(provider, provider.token, formOf(right, input));
  return status === 200 ? 'tokens' : `${status} ${body?.error}`;
}

/** Posts a form; what is called `authorization` in it goes into the header. */
export async function post({ origin }: Provider, path: string, form: URLSearchParams) {
  const authorization = form.get('authorization');
  form.delete('authorization');
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(authorization !== null && { authorization }),
    },
    body: form,
  });
  return { status: response.status, body: jsonIn(await response.text()) };
}

function jsonIn(text: string): Record<string, string> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
