import { type App, CALLBACK, newVerifier } from '../../../builders/apps.js';
import { freshCode, type Provider, post } from './both-providers.js';
import { formOf, type Input } from './inputs.js';

const SCOPE = 'openid email offline_access';

/** What a provider has given for a code, or for a refresh token. */
export type Given = Record<string, string>;

/** The client, as the form of the token endpoint says it. */
export function authenticated({ id, secret }: App): Record<string, string> {
  if (secret === undefined) return { client_id: id };
  return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
}

/** Signs in anew at the client. */
export async function freshTokens(provider: Provider, app: App): Promise<Given> {
  const verifier = newVerifier();
  const form = {
    grant_type: 'authorization_code',
    redirect_uri: CALLBACK,
    code: await freshCode(provider, app, verifier, SCOPE),
    code_verifier: verifier,
    ...authenticated(app),
  };
  return given(await post(provider, provider.token, new URLSearchParams(form)));
}

/** Refreshes as it should be done. */
export async function refresh(provider: Provider, app: App, token = ''): Promise<Given> {
  const form = { grant_type: 'refresh_token', refresh_token: token, ...authenticated(app) };
  return given(await post(provider, provider.token, new URLSearchParams(form)));
}

export async function revoke(provider: Provider, app: App, token = ''): Promise<void> {
  const form = new URLSearchParams({ token, ...authenticated(app) });
  const { status } = await post(provider, provider.revocation, form);
  if (status !== 200) throw new Error(`${provider.origin} answers ${status} to a revocation.`);
}

/** What becomes of a refresh: `tokens` and their scopes, or `400 error`. */
export async function refreshed(
  provider: Provider,
  right: Record<string, string>,
  input: Input,
): Promise<string> {
  const { status, body } = await post(provider, provider.token, formOf(right, input));
  if (status !== 200) return `${status} ${body?.error}`;
  // That it may refresh is not said of the tokens by each of them.
  const scopes = (body?.scope ?? '').split(' ').filter((name) => name !== 'offline_access');
  return `tokens: ${scopes.toSorted().join(' ')}`;
}

function given({ status, body }: Awaited<ReturnType<typeof post>>): Given {
  if (status !== 200 || body === undefined) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}
