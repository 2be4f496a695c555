import { generateKeyPairSync } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uniqueEmail } from '../../../builders/accounts.js';
import {
  EXTERNAL_COOKIE,
  ExternalVisitor,
  settingsOf,
  uniqueSubject,
} from '../../../builders/external-sign-in.js';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  OpenIdProvider,
  send,
} from '../../../support/openid-provider.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';

const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const PERSONAL = '9188040d-6c67-4c5b-b112-36a304b66dad';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' })).trim();

/** Each stands in for the provider that it is named after. */
let providers: Record<'google' | 'microsoft' | 'apple' | 'github', OpenIdProvider>;
let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  providers = {
    google: await OpenIdProvider.start(),
    microsoft: await OpenIdProvider.start('/common/v2.0'),
    apple: await OpenIdProvider.start(),
    github: await OpenIdProvider.start(),
  };
  const settings = Object.entries(providers).map(([id, provider]) => settingsOf(provider, id));
  app = await startTestApp({
    ...Object.assign({}, ...settings),
    EXTERNAL_PROVIDERS: Object.keys(providers).join(),
    EXTERNAL_MICROSOFT_ISSUER: providers.microsoft.origin,
    EXTERNAL_MICROSOFT_TENANT: 'common',
    EXTERNAL_APPLE_CLIENT_SECRET: '',
    EXTERNAL_APPLE_TEAM_ID: 'TEAM123456',
    EXTERNAL_APPLE_KEY_ID: 'KEY1234567',
    EXTERNAL_APPLE_PRIVATE_KEY: pem.replaceAll('\n', '\\n'),
  });
});
afterEach(async () => {
  for (const provider of Object.values(providers)) provider.faults = {};
  // Each test is the first to name anybody.
  await app.stores.query('DELETE FROM identities');
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await Promise.all(Object.values(providers).map((provider) => provider.stop()));
});

/** The account that somebody gets; the error where they get none. */
async function comeThrough(id: keyof typeof providers, person: Record<string, unknown>) {
  providers[id].person = person;
  const visitor = new ExternalVisitor(app, id);
  const { fragment } = await visitor.signIn();
  if (fragment.error !== undefined) return fragment.error;
  const { body } = await app.api.get('/users/me', { token: await visitor.accessToken() });
  const { email, emailVerified, name } = body;
  return { email, emailVerified, name };
}

async function identities() {
  return app.stores.query('SELECT issuer, subject, provider FROM identities ORDER BY id');
}

describe('Google (developers.google.com/identity/openid-connect, "An ID token’s payload")', () => {
  it('vouches for mailboxes of Gmail and of organisations that it hosts, and for no other', async () => {
    const recorded = {
      azp: CLIENT_ID,
      at_hash: 'HK6E_P6Dh8Y93mRNtsDB1Q',
      email_verified: true,
      name: 'Jan Svensson',
      picture: 'https://lh3.googleusercontent.com/a/x',
      given_name: 'Jan',
      family_name: 'Svensson',
      locale: 'en',
    };
    const mailbox = uniqueEmail().replace('example.com', 'gmail.com');
    for (const [more, email, emailVerified] of [
      [{}, mailbox, true],
      [{ hd: 'example.org' }, uniqueEmail().replace('.com', '.org'), true],
      [{}, uniqueEmail(), false],
      [{ hd: '' }, uniqueEmail(), false],
      [{ email_verified: false }, mailbox.replace('user', 'other'), false],
      [{ email_verified: 'true' }, mailbox.replace('user', 'third'), false],
      [{}, uniqueEmail().replace('example.com', 'gmail.com.example.net'), false],
    ] as const) {
      const person = { ...recorded, sub: uniqueSubject(), email, ...more };
      const account = { email, emailVerified, name: 'Jan Svensson' };
      expect(await comeThrough('google', person)).toEqual(account);
    }
  });
});

describe('Microsoft (learn.microsoft.com/entra, "ID token claims reference")', () => {
  const recorded = (tid: string) => ({
    aio: 'DXkgaiblZ7Z7',
    name: 'Abe Lincoln',
    oid: '00000000-0000-0000-66f3-3332eca7ea81',
    preferred_username: 'abeli@example.com',
    rh: '0.AgAA',
    tid,
    uti: 'fqiBqXLPj0eQa82S-IYFAA',
    ver: '2.0',
  });
  /** The metadata of `common` name a template. */
  const forTenant = (tid: string, provider = providers.microsoft) => {
    const issuer = `${provider.origin}/${tid}/v2.0`;
    provider.faults = {
      metadata: (metadata) => ({
        ...metadata,
        issuer: `${provider.origin}/{tenantid}/v2.0`,
        authorization_response_iss_parameter_supported: undefined,
      }),
      answer: (answer) => answer.delete('iss'),
      idToken: (claims) => ({ ...claims, iss: issuer }),
    };
    return issuer;
  };

  it('has an issuer for each tenant, and vouches for no address but by xms_edov', async () => {
    const issuer = forTenant(TENANT);
    for (const [more, emailVerified] of [
      [{}, false],
      [{ xms_edov: true }, true],
      [{ xms_edov: 'true' }, false],
      [{ email_verified: true }, false],
    ] as const) {
      const email = uniqueEmail();
      const person = { ...recorded(TENANT), sub: uniqueSubject(), email, ...more };
      const account = { email, emailVerified, name: 'Abe Lincoln' };
      expect(await comeThrough('microsoft', person)).toEqual(account);
    }
    expect(await identities()).toEqual(
      Array(4).fill({ issuer, subject: expect.any(String), provider: 'microsoft' }),
    );
  });

  it('the same subject in two tenants is two people', async () => {
    const sub = uniqueSubject();
    for (const tid of [TENANT, PERSONAL]) {
      forTenant(tid);
      const person = { ...recorded(tid), sub, email: uniqueEmail() };
      expect(await comeThrough('microsoft', person)).toMatchObject({ email: person.email });
    }
    expect(await identities()).toHaveLength(2);
  });

  it('a tenant cannot speak for another', async () => {
    forTenant(TENANT);
    const sub = uniqueSubject();
    for (const tid of [PERSONAL, 'common', '../x', `${TENANT}/`, undefined]) {
      const person = { ...recorded(TENANT), tid, sub, email: uniqueEmail() };
      expect(await comeThrough('microsoft', person)).toBe('auth.external_refused');
    }
  });

  it('"organizations" lets no personal account in', async () => {
    const tenant = 'organizations';
    const provider = await OpenIdProvider.start(`/${tenant}/v2.0`);
    const settings = {
      ...settingsOf(provider, 'microsoft'),
      EXTERNAL_MICROSOFT_ISSUER: provider.origin,
      EXTERNAL_MICROSOFT_TENANT: tenant,
      OUTBOX_WORKER: 'off',
    };
    const other = await TestApp.start({ stores: app.stores, env: settings });
    forTenant(PERSONAL, provider);
    provider.person = { ...recorded(PERSONAL), sub: uniqueSubject(), email: uniqueEmail() };
    const { fragment } = await new ExternalVisitor(other, 'microsoft').signIn();
    expect(fragment.error).toBe('auth.external_refused');
    await other.stop();
    await provider.stop();
  });
});

describe('Apple (developer.apple.com, "Authenticating users with Sign in with Apple")', () => {
  /** The browser sends the form that Apple's page holds. */
  async function post(visitor: ExternalVisitor): Promise<Response> {
    const page = await (await fetch(await visitor.start({ returnTo: '/app' }))).text();
    const fields = [...page.matchAll(/name="(\w+)" value="(.*?)"/g)].map(([, name, value]) => [
      name,
      value?.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    ]);
    return fetch(`${app.origin}/auth/external/apple/callback`, {
      method: 'POST',
      body: new URLSearchParams(fields as [string, string][]),
      headers: { Origin: 'https://appleid.apple.com', 'Sec-Fetch-Site': 'cross-site' },
      redirect: 'manual',
    });
  }

  it('posts its answer across sites, and takes a signed secret; the browser comes once more', async () => {
    const provider = providers.apple;
    provider.faults.metadata = (metadata) => ({
      ...metadata,
      token_endpoint_auth_methods_supported: ['client_secret_post'],
      authorization_response_iss_parameter_supported: undefined,
    });
    provider.faults.answer = (answer) => {
      answer.delete('iss');
      answer.set(
        'user',
        '{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"evil@example.com"}',
      );
    };
    const email = 'abc123@privaterelay.appleid.com';
    provider.person = {
      sub: '001999.abcdef0123456789abcdef0123456789.1234',
      email,
      email_verified: 'true',
      is_private_email: 'true',
      auth_time: 1_700_000_000,
      nonce_supported: true,
    };
    const visitor = new ExternalVisitor(app, 'apple');
    const posted = await post(visitor);
    expect(posted.status).toBe(303);
    const again = posted.headers.get('location') ?? '';
    expect(again).not.toMatch(/evil|Ada/);
    const [aside = '', ...more] = posted.headers.getSetCookie();
    expect([aside, more]).toEqual([expect.stringMatching(/Max-Age=60;.*HttpOnly/), []]);
    const [name = '', value = ''] = aside.split(';')[0]?.split('=') ?? [];
    visitor.cookies.set(name, value);
    const ended = await visitor.comeBack(again);
    expect(ended.headers.get('location')).toBe('http://latchkey.test/app#');
    const { body } = await app.api.get('/users/me', { token: await visitor.accessToken() });
    expect(body).toMatchObject({ email, emailVerified: true, name: 'Ada Lovelace' });
    expect([...visitor.cookies.keys()].filter((one) => one.startsWith(EXTERNAL_COOKIE))).toEqual(
      [],
    );
    const secret = provider.secrets.at(-1) ?? '';
    expect(decodeProtectedHeader(secret)).toEqual({ alg: 'ES256', kid: 'KEY1234567' });
    const { payload } = await jwtVerify(secret, publicKey, {
      issuer: 'TEAM123456',
      subject: CLIENT_ID,
      audience: provider.issuer,
    });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBeLessThanOrEqual(300);
  });

  it.each([
    'x',
    '{',
    'null',
    '[]',
    '{"name":null}',
    '{"name":{"firstName":1,"lastName":["x"]}}',
    `{"name":{"firstName":"${'A'.repeat(2_000)}"}}`,
    '{"name":{"firstName":"\\u0000\\n"}}',
  ])('a name that is none is none: %.40s', async (said) => {
    const provider = providers.apple;
    provider.faults.answer = (answer) => answer.set('user', said);
    provider.person = { sub: uniqueSubject(), email: uniqueEmail(), email_verified: true };
    const visitor = new ExternalVisitor(app, 'apple');
    const posted = await post(visitor);
    for (const cookie of posted.headers.getSetCookie()) {
      const [name = '', value = ''] = cookie.split(';')[0]?.split('=') ?? [];
      visitor.cookies.set(name, value);
    }
    const ended = await visitor.comeBack(posted.headers.get('location') ?? '');
    expect(ended.headers.get('location')).toBe('http://latchkey.test/app#');
    const { body } = await app.api.get('/users/me', { token: await visitor.accessToken() });
    expect(body.name).toBeNull();
  });

  it('a form of nobody’s sign-in, or of none, leads to the page to sign in', async () => {
    for (const body of [
      'state=x&code=y',
      '',
      'state=',
      `state=lko_${'A'.repeat(64)}`,
      '&'.repeat(99),
    ]) {
      const answer = await fetch(`${app.origin}/auth/external/apple/callback`, {
        method: 'POST',
        body,
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        redirect: 'manual',
      });
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        'http://latchkey.test/pages/sign-in#error=auth.external_state_invalid&provider=apple',
      ]);
    }
  });
});

describe('GitHub (docs.github.com/rest/users, "Get the authenticated user", "List email addresses")', () => {
  /** What its API answers. */
  let user: unknown;
  let addresses: unknown;
  const recorded = { login: 'octocat', id: 583_231, node_id: 'MDQ6VXNlcjE=', name: 'The Octocat' };

  beforeEach(() => {
    const provider = providers.github;
    user = recorded;
    const json = (body: () => unknown) => (_: unknown, response: Parameters<typeof send>[0]) =>
      send(response, 200, body());
    provider.faults = {
      answer: (answer) => answer.delete('iss'),
      handlers: {
        '/login/oauth/authorize': (request, response) => {
          const asked = new URL(request.url ?? '', provider.origin).searchParams;
          expect([asked.get('scope'), asked.get('code_challenge_method')]).toEqual([
            'user:email',
            'S256',
          ]);
          const answer = new URLSearchParams({ code: 'the-code', state: asked.get('state') ?? '' });
          response.writeHead(302, { Location: `${asked.get('redirect_uri')}?${answer}` }).end();
        },
        '/login/oauth/access_token': (_, response, form) => {
          const { code, client_secret: secret } = Object.fromEntries(new URLSearchParams(form));
          const isGood = code === 'the-code' && secret === CLIENT_SECRET;
          // GitHub answers 200 to both.
          send(
            response,
            200,
            isGood
              ? { access_token: 'gho_token', scope: 'user:email', token_type: 'bearer' }
              : { error: 'bad_verification_code', error_description: 'The code is incorrect.' },
          );
        },
        '/api/v3/user': json(() => user),
        '/api/v3/user/emails': json(() => addresses),
      },
    };
  });

  it('people are known by their number; the primary address counts where it is proved', async () => {
    const email = uniqueEmail();
    addresses = [
      { email: uniqueEmail(), primary: false, verified: true, visibility: null },
      { email, primary: true, verified: true, visibility: 'private' },
    ];
    const account = { email, emailVerified: true, name: 'The Octocat' };
    expect(await comeThrough('github', {})).toEqual(account);
    expect(await identities()).toEqual([
      { issuer: providers.github.issuer, subject: '583231', provider: 'github' },
    ]);
    // Another person takes the name that the first one gave up.
    user = { ...recorded, id: 583_232 };
    expect(await comeThrough('github', {})).toBe('auth.external_proof_required');
  });

  it.each([
    ['an address that is not proved', [{ email: uniqueEmail(), primary: true, verified: false }]],
    ['proved as a text', [{ email: uniqueEmail(), primary: true, verified: 'true' }]],
    [
      'another address than the primary',
      [{ email: uniqueEmail(), primary: false, verified: true }],
    ],
    ['none', []],
    ['no list', { message: 'Requires authentication' }],
    ['null', [null]],
  ])('%s makes no account', async (_, listed) => {
    addresses = listed;
    expect(await comeThrough('github', {})).toBe('auth.external_email_missing');
  });

  it.each([[{}], [null], [{ id: '583231' }], [{ id: null }], [[]]])(
    'a profile of %j is refused',
    async (profile) => {
      user = profile;
      addresses = [];
      expect(await comeThrough('github', {})).toBe('auth.external_refused');
    },
  );
});
