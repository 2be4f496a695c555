import { Injectable, Module } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ExternalProvider, type ExternalRequest } from '../../../../src/latchkey/index.js';
import { uniqueEmail } from '../../../builders/accounts.js';
import { ExternalVisitor, settingsOf, uniqueSubject } from '../../../builders/external-sign-in.js';
import { CLIENT_SECRET, OpenIdProvider, send } from '../../../support/openid-provider.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { TestApp } from '../../../support/test-app.js';
import { WithCalendar } from './calendar-feature.js';

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';

let stores: Stores;
let provider: OpenIdProvider;
beforeAll(async () => {
  stores = await createStores();
  provider = await OpenIdProvider.start();
});
afterEach(() => {
  provider.faults = {};
});
afterAll(async () => {
  await provider.stop();
  await stores.drop();
});

const calendarOf = (at: TestApp, id: string, token: string) =>
  at.api.get(`/calendar?provider=${id}&api=${encodeURIComponent(`${provider.origin}/api`)}`, {
    token,
  });

describe('with EXTERNAL_…_KEEP_TOKENS=on', () => {
  let microsoft: OpenIdProvider;
  let app: TestApp;
  beforeAll(async () => {
    microsoft = await OpenIdProvider.start(`/${TENANT}/v2.0`);
    const env = {
      ...settingsOf(provider, 'google'),
      ...settingsOf(provider, 'github'),
      ...settingsOf(microsoft, 'microsoft'),
      EXTERNAL_PROVIDERS: 'google,github,microsoft',
      EXTERNAL_MICROSOFT_ISSUER: microsoft.origin,
      EXTERNAL_MICROSOFT_TENANT: TENANT,
      EXTERNAL_GOOGLE_KEEP_TOKENS: 'on',
      EXTERNAL_GITHUB_KEEP_TOKENS: 'on',
      EXTERNAL_MICROSOFT_KEEP_TOKENS: 'on',
    };
    app = await TestApp.start({ stores, env, module: WithCalendar });
  });
  afterAll(async () => {
    await app.stop();
    await microsoft.stop();
  });

  it('Google is asked for access while the person is away, with their consent', async () => {
    const asked = new URL(await new ExternalVisitor(app, 'google').start()).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      scope: 'openid email profile',
      access_type: 'offline',
      prompt: 'consent',
    });
  });

  it('Microsoft is asked by its scope alone, as administrators have consented for all', async () => {
    const asked = new URL(await new ExternalVisitor(app, 'microsoft').start()).searchParams;
    expect([asked.get('scope'), asked.get('prompt')]).toEqual([
      'openid email profile offline_access',
      null,
    ]);
  });

  it('GitHub Apps have refresh tokens, which GitHub refuses by 200', async () => {
    const shown: string[] = [];
    let isRevoked = false;
    provider.faults.handlers = {
      '/login/oauth/authorize': (request, response) => {
        const asked = new URL(request.url ?? '', provider.origin).searchParams;
        const answer = new URLSearchParams({ code: 'c', state: asked.get('state') ?? '' });
        response.writeHead(302, { Location: `${asked.get('redirect_uri')}?${answer}` }).end();
      },
      '/login/oauth/access_token': (_, response, form) => {
        const fields = Object.fromEntries(new URLSearchParams(form));
        expect(fields.client_secret).toBe(CLIENT_SECRET);
        shown.push(fields.refresh_token ?? 'none');
        const number = shown.length;
        const tokens = { access_token: `ghu_${number}`, refresh_token: `ghr_${number}`, scope: '' };
        send(
          response,
          200,
          isRevoked
            ? { error: 'bad_refresh_token', error_description: 'The refresh token is incorrect.' }
            : { ...tokens, token_type: 'bearer', expires_in: 1 },
        );
      },
      '/api/v3/user': (_, response) => send(response, 200, { id: 583_231, name: 'Octocat' }),
      '/api/v3/user/emails': (_, response) =>
        send(response, 200, [{ email: uniqueEmail(), primary: true, verified: true }]),
      '/api': (_, response) => send(response, 200, {}),
    };
    const visitor = new ExternalVisitor(app, 'github');
    expect((await visitor.signIn()).fragment).toEqual({});
    const token = (await visitor.accessToken()) ?? '';
    for (const _ of [1, 2]) expect((await calendarOf(app, 'github', token)).status).toBe(200);
    expect(shown).toEqual(['none', 'ghr_1', 'ghr_2']);
    isRevoked = true;
    const refusal = refusalOf(await calendarOf(app, 'github', token));
    expect(refusal).toEqual(refused(409, 'auth.external_sign_in_needed'));
  });
});

it('a provider of a team’s own gives and refreshes tokens by its class', async () => {
  const subject = uniqueSubject();
  const refreshed: string[] = [];
  @Injectable()
  class CampusProvider extends ExternalProvider {
    readonly id = 'campus';
    readonly name = 'Campus';

    override async begin({ redirectUri, state }: ExternalRequest) {
      return new URL(`${redirectUri}?${new URLSearchParams({ state })}`);
    }

    override async finish() {
      const email = { address: uniqueEmail(), standing: 'proved' } as const;
      const tokens = { accessToken: 'a1', refreshToken: 'r1', expiresInSeconds: 1 };
      return { issuer: 'https://campus.example', subject, email, tokens };
    }

    override async refresh(refreshToken: string, identity: { readonly subject: string }) {
      refreshed.push(`${refreshToken} of ${identity.subject}`);
      if (refreshed.length > 1) throw new TypeError('a mistake of the class');
      return { accessToken: 'a2', expiresInSeconds: 1 };
    }
  }
  @Module({ imports: [WithCalendar], providers: [CampusProvider] })
  class WithCampus {}
  provider.faults.handlers = { '/api': (_, response) => send(response, 200, {}) };
  const env = { EXTERNAL_PROVIDERS: 'campus', EXTERNAL_CAMPUS_KEEP_TOKENS: 'on' };
  const app = await TestApp.start({ stores, env, module: WithCampus });
  const visitor = new ExternalVisitor(app, 'campus');
  const back = await visitor.start();
  expect((await visitor.comeBack(back)).status).toBe(303);
  const token = (await visitor.accessToken()) ?? '';
  expect((await calendarOf(app, 'campus', token)).status).toBe(200);
  const refusal = refusalOf(await calendarOf(app, 'campus', token));
  expect(refusal).toEqual(refused(424, 'auth.external_unavailable'));
  expect(refreshed).toEqual([`r1 of ${subject}`, `r1 of ${subject}`]);
  await app.stop();
});
