import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUpAdmin } from '../../../builders/accounts.js';
import {
  type App,
  CALLBACK,
  challengeOf,
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
import {
  authorized,
  freshCode,
  ours,
  type Provider,
  RIGHT_REQUEST,
  theirs,
  tokensFor,
} from './both-providers.js';
import { type Compared, paired, said, stale, unexplained } from './compared.js';
import { DIFFERENCES, tableOf } from './differences.js';
import { additionsOf, changesOf, formOf, inputsOf } from './inputs.js';

const SLOW = onThisMachine(120_000);

let app: Awaited<ReturnType<typeof startTestApp>>;
let program: ForeignProgram;
let shop: App;
let us: Provider;
let them: Provider;
beforeAll(async () => {
  await installForeignPackages();
  app = await startTestApp({ SINGLE_SIGN_ON: 'on' });
  shop = await registerApp(app.api, await signUpAdmin(app), { firstParty: true });
  const client = {
    client_id: shop.id,
    client_secret: shop.secret,
    redirect_uris: [CALLBACK],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope: 'openid profile email offline_access',
  };
  program = await ForeignProgram.serve('honest-provider', { CLIENTS: JSON.stringify([client]) });
  us = ours(app.origin, await signUpAtBrowser(app));
  them = await theirs(program, shop);
}, FOREIGN_INSTALL_MILLISECONDS);
afterAll(async () => {
  await program?.stop();
  await app?.[Symbol.asyncDispose]();
});

describe('the same to us and to oidc-provider', () => {
  it(
    'at the authorization endpoint: every difference is listed',
    async () => {
      const right = {
        ...RIGHT_REQUEST,
        client_id: shop.id,
        code_challenge: challengeOf(newVerifier()),
      };
      const changes = [
        ...changesOf(right, {
          response_type: ['token', 'code token', 'none'],
          redirect_uri: ['https://evil.example/callback', `${CALLBACK}/`, 'javascript:alert(1)'],
          scope: ['openid unknown', 'unknown', 'profile'],
          code_challenge_method: ['plain'],
          client_id: ['unknown', '00000000-0000-0000-0000-000000000000'],
          code_challenge: ['short'],
        }),
        ...additionsOf({
          prompt: ['none', 'login', 'consent', 'select_account', 'none login', 'create'],
          max_age: ['1000', '0', '-1', 'soon', '1.5'],
          acr_values: ['aal1', 'unknown'],
          response_mode: ['query', 'fragment', 'form_post', 'unknown'],
          display: ['page', 'unknown'],
          ui_locales: ['de en', '!'],
          login_hint: ['ada@example.com'],
          id_token_hint: ['no.token.atall'],
          claims: ['{"id_token":{"email":null}}', '{'],
          request: ['a.b.c'],
          request_uri: ['https://example.com/r', 'urn:ietf:params:oauth:request_uri:unknown'],
          registration: ['{}'],
          resource: ['https://api.example.com', 'api', 'https://api.example.com#a'],
          unknown: ['anything'],
        }),
      ];
      const pairs = paired(changes, [...Object.keys(right), 'prompt', 'response_mode']);
      const all: Compared[] = [];
      for (const input of inputsOf(changes, pairs)) {
        const query = formOf(right, input);
        const [mine, other] = await Promise.all([authorized(us, query), authorized(them, query)]);
        all.push({ input, ours: mine, theirs: other });
      }
      expect(all.length).toBeGreaterThan(400);
      expect(said(unexplained(all, DIFFERENCES.authorization))).toEqual([]);
      expect(stale(all, DIFFERENCES.authorization)).toEqual([]);
    },
    SLOW,
  );

  it(
    'at the token endpoint, with codes: every difference is listed',
    async () => {
      const basic = `Basic ${Buffer.from(`${shop.id}:${shop.secret}`).toString('base64')}`;
      const right = {
        grant_type: 'authorization_code',
        redirect_uri: CALLBACK,
        authorization: basic,
      };
      const verifier = newVerifier();
      const fixed = { ...right, code: '', code_verifier: verifier };
      const changes = [
        ...changesOf(fixed, {
          grant_type: ['password', 'implicit', 'refresh_token', 'client_credentials'],
          code: ['unknown'],
          redirect_uri: ['https://evil.example/callback'],
          code_verifier: [newVerifier(), 'short'],
          authorization: ['Basic !', `Basic ${Buffer.from(`${shop.id}:wrong`).toString('base64')}`],
        }).filter(({ name }) => !/^(authorization|code): (doubled|there|too|with)/.test(name)),
        ...additionsOf({
          client_id: [shop.id, 'another'],
          client_secret: [shop.secret ?? '', 'wrong'],
          scope: ['openid', 'openid email', 'unknown'],
          resource: ['https://api.example.com'],
          unknown: ['anything'],
        }),
      ];
      const pairs = paired(changes, [...Object.keys(fixed), 'client_id']);
      const all: Compared[] = [];
      for (const input of inputsOf(changes, pairs)) {
        const [mine, other] = await Promise.all(
          [us, them].map(async (provider) => {
            const code = await freshCode(provider, shop, verifier, 'openid');
            return tokensFor(provider, { ...fixed, code }, input);
          }),
        );
        all.push({ input, ours: mine ?? '', theirs: other ?? '' });
      }
      expect(all.length).toBeGreaterThan(150);
      expect(said(unexplained(all, DIFFERENCES.code))).toEqual([]);
      expect(stale(all, DIFFERENCES.code)).toEqual([]);
    },
    SLOW,
  );
});

it('the page of differences is what the test knows', async () => {
  const page = await readFile('docs/conformance.md', 'utf8');
  expect(page).toContain(tableOf(DIFFERENCES.authorization));
  expect(page).toContain(tableOf(DIFFERENCES.code));
});
