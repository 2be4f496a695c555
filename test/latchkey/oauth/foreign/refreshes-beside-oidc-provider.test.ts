import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUpAdmin } from '../../../builders/accounts.js';
import {
  type App,
  CALLBACK,
  newVerifier,
  registerApp,
  signUpAtBrowser,
} from '../../../builders/apps.js';
import {
  FOREIGN_INSTALL_MILLISECONDS,
  installForeignPackages,
} from '../../../support/foreign-packages.js';
import { ForeignProgram } from '../../../support/foreign-program.js';
import { startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { freshCode, ours, type Provider, theirs } from './both-providers.js';
import { type Compared, paired, said, stale, unexplained } from './compared.js';
import { tableOf } from './differences.js';
import { additionsOf, changesOf, type Input, inputsOf } from './inputs.js';
import { REFRESHES } from './refresh-differences.js';
import { authenticated, freshTokens, type Given, refresh, refreshed, revoke } from './refreshes.js';

const SLOW = onThisMachine(120_000);

let app: Awaited<ReturnType<typeof startTestApp>>;
let program: ForeignProgram;
/** One with a secret, one without, and another that has nothing to do with their tokens. */
let clients: Record<'confidential' | 'public' | 'another', App>;
let both: readonly [Provider, Provider];
beforeAll(async () => {
  await installForeignPackages();
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  const admin = await signUpAdmin(app);
  const register = (fields = {}) => registerApp(app.api, admin, { firstParty: true, ...fields });
  clients = {
    confidential: await register(),
    public: await register({ type: 'public' }),
    another: await register(),
  };
  const known = Object.values(clients).map(({ id, secret }) => ({
    client_id: id,
    ...(secret === undefined ? { token_endpoint_auth_method: 'none' } : { client_secret: secret }),
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: 'openid profile email offline_access',
  }));
  program = await ForeignProgram.serve('honest-provider', { CLIENTS: JSON.stringify(known) });
  const us = ours(app.origin, await signUpAtBrowser(app));
  both = [us, await theirs(program, clients.confidential)];
}, FOREIGN_INSTALL_MILLISECONDS);
afterAll(async () => {
  await program?.stop();
  await app?.[Symbol.asyncDispose]();
});

/** What both answer, each to tokens of its own. */
async function compare(
  input: Input,
  outcome: (provider: Provider) => Promise<string>,
): Promise<Compared> {
  const [mine, other] = await Promise.all(both.map(outcome));
  return { input, ours: mine ?? '', theirs: other ?? '' };
}

const KINDS = ['confidential', 'public'] as const;

it.each(KINDS)(
  'the same refreshes to us and to oidc-provider, of a %s client: every difference is listed',
  async (kind) => {
    const client = clients[kind];
    const fixed = { grant_type: 'refresh_token', refresh_token: '', ...authenticated(client) };
    const wrong = Buffer.from(`${client.id}:wrong`).toString('base64');
    const changes = [
      ...changesOf(fixed, {
        grant_type: ['authorization_code', 'password', 'Refresh_Token'],
        refresh_token: ['unknown', 'no.token.atall'],
        client_id: [clients.another.id, 'unknown'],
        authorization: ['Basic !', `Basic ${wrong}`],
      }).filter(
        ({ name }) => !/^(authorization|refresh_token): (doubled|there|too|with)/.test(name),
      ),
      ...additionsOf({
        scope: ['openid', 'email', 'openid email', 'openid profile', 'unknown'],
        resource: ['https://api.example.com', 'api'],
        client_secret: [client.secret ?? 'secret', 'wrong'],
        redirect_uri: [CALLBACK, 'https://evil.example/callback'],
        code_verifier: [newVerifier()],
        unknown: ['anything'],
      }).filter(({ parameter }) => !(parameter in fixed)),
    ];
    const pairs = paired(changes, [...Object.keys(fixed), 'scope']);
    const all: Compared[] = [];
    for (const input of inputsOf(changes, pairs)) {
      const one = compare(input, async (provider) => {
        const { refresh_token = '' } = await freshTokens(provider, client);
        return refreshed(provider, { ...fixed, refresh_token }, input);
      });
      all.push(await one);
    }
    expect(all.length).toBeGreaterThan(90);
    expect(said(unexplained(all, REFRESHES[kind]))).toEqual([]);
    expect(stale(all, REFRESHES[kind])).toEqual([]);
  },
  SLOW,
);

type Show = (provider: Provider, client: App, given: Given) => Promise<string | undefined>;

/** Refresh tokens to which something has happened, and what is none. */
const SHOWN: Record<string, Show> = {
  'as it came': async (_provider, _client, { refresh_token }) => refresh_token,
  'used once': async (provider, client, { refresh_token }) => {
    await refresh(provider, client, refresh_token);
    return refresh_token;
  },
  'used, and the next one used': async (provider, client, { refresh_token }) => {
    const next = await refresh(provider, client, refresh_token);
    await refresh(provider, client, next.refresh_token);
    return refresh_token;
  },
  'the next one': async (provider, client, { refresh_token }) =>
    (await refresh(provider, client, refresh_token)).refresh_token,
  revoked: async (provider, client, { refresh_token }) => {
    await revoke(provider, client, refresh_token);
    return refresh_token;
  },
  'its access token revoked': async (provider, client, { access_token, refresh_token }) => {
    await revoke(provider, client, access_token);
    return refresh_token;
  },
  'revoked by another client': async (provider, _, { refresh_token }) => {
    await revoke(provider, clients.another, refresh_token).catch(() => undefined);
    return refresh_token;
  },
  'of another client': async (provider) =>
    (await freshTokens(provider, clients.another)).refresh_token,
  'an access token': async (_provider, _client, { access_token }) => access_token,
  'an ID token': async (_provider, _client, { id_token }) => id_token,
  'a code': (provider, client) => freshCode(provider, client, newVerifier(), 'openid'),
};

describe('refresh tokens that are shown, to us and to oidc-provider', () => {
  it.each(KINDS)(
    'of a %s client: every difference is listed',
    async (kind) => {
      const client = clients[kind];
      const all: Compared[] = [];
      for (const [name, show] of Object.entries(SHOWN)) {
        const input = { name, changes: [] };
        const one = compare(input, async (provider) => {
          const refresh_token = await show(provider, client, await freshTokens(provider, client));
          const form = { grant_type: 'refresh_token', refresh_token: refresh_token ?? '' };
          return refreshed(provider, { ...form, ...authenticated(client) }, input);
        });
        all.push(await one);
      }
      const answer = (name: string, told: (before: Given, after: Given) => string) =>
        compare({ name, changes: [] }, async (provider) => {
          const before = await freshTokens(provider, client);
          return told(before, await refresh(provider, client, before.refresh_token));
        });
      const isSame = (before: Given, after: Given) => before.refresh_token === after.refresh_token;
      all.push(
        await answer('the refresh token of the answer', (before, after) =>
          isSame(before, after) ? 'the same' : 'another',
        ),
        await answer('the ID token of the answer', (_, { id_token }) =>
          id_token === undefined ? 'none' : 'one',
        ),
      );
      const table = REFRESHES[`${kind}, shown`];
      expect(said(unexplained(all, table))).toEqual([]);
      expect(stale(all, table)).toEqual([]);
    },
    SLOW,
  );
});

it('the page of differences is what the test knows', async () => {
  const page = await readFile('docs/conformance.md', 'utf8');
  for (const table of Object.values(REFRESHES)) expect(page).toContain(tableOf(table));
});
