import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uniqueEmail } from '../../../builders/accounts.js';
import { COOKIE, cookiesOf } from '../../../builders/browsers.js';
import {
  EXTERNAL_COOKIE,
  ExternalVisitor,
  settingsOf,
  uniqueSubject,
} from '../../../builders/external-sign-in.js';
import { OpenIdProvider } from '../../../support/openid-provider.js';
import { invalid, refusalOf } from '../../../support/refusal.js';
import { ISSUER, startTestApp } from '../../../support/test-app.js';

let provider: OpenIdProvider;
let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  provider = await OpenIdProvider.start();
  const settings = { ...settingsOf(provider), EXTERNAL_ACME_NAME: 'Acme' };
  app = await startTestApp({ ...settings, EXTERNAL_RETURN_URLS: 'https://app.example.com/in' });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await provider.stop();
});

function aPerson() {
  const person = { sub: uniqueSubject(), email: uniqueEmail(), email_verified: true, name: 'Ada' };
  provider.person = person;
  return person;
}

describe('somebody who comes through a provider', () => {
  it('gets an account, and a session by cookie, from start to end over HTTP', async () => {
    const { email } = aPerson();
    const visitor = new ExternalVisitor(app);
    expect(await visitor.signIn()).toEqual({ address: `${ISSUER}/app`, fragment: {} });
    const token = (await visitor.accessToken()) ?? '';
    expect(decodeJwt(token)).toMatchObject({ amr: ['fed'], acr: 'aal1' });
    const { body } = await app.api.get('/users/me', { token });
    expect(body).toMatchObject({ email, emailVerified: true, name: 'Ada', roles: ['user'] });
  });

  it('has the same account again, also with another address there', async () => {
    const person = aPerson();
    const me = async () => {
      const visitor = new ExternalVisitor(app);
      await visitor.signIn();
      const token = (await visitor.accessToken()) ?? '';
      return (await app.api.get('/users/me', { token })).body;
    };
    const first = await me();
    provider.person = { ...person, email: uniqueEmail() };
    expect(await me()).toEqual(first);
  });

  it('is told apart by the subject alone, whatever the address', async () => {
    const { email } = aPerson();
    await new ExternalVisitor(app).signIn();
    provider.person = { sub: uniqueSubject(), email, email_verified: true };
    const visitor = new ExternalVisitor(app);
    const { fragment } = await visitor.signIn();
    expect(fragment.error).toBe('auth.external_proof_required');
    expect(await visitor.accessToken()).toBeUndefined();
  });

  it('keeps a cookie that binds the sign-in to the browser, until it has ended, and that of its session', async () => {
    aPerson();
    const visitor = new ExternalVisitor(app);
    const begun = await visitor.get('/auth/external/acme/start');
    expect(cookiesOf(begun)).toEqual([
      {
        name: expect.stringContaining(EXTERNAL_COOKIE),
        value: expect.stringMatching(/^[\w-]{43}$/),
        attributes: ['HttpOnly', 'Max-Age=600', 'Path=/', 'SameSite=Lax', 'Secure'],
      },
    ]);
    expect(begun.headers.get('cache-control')).toContain('no-store');
    const callback = await visitor.authorize(begun.headers.get('location') ?? '');
    const ended = await visitor.comeBack(callback);
    const session = cookiesOf(ended).find(({ name }) => name === COOKIE);
    expect(session?.attributes).toContain('SameSite=Strict');
    expect([...visitor.cookies.keys()].join()).not.toContain(EXTERNAL_COOKIE);
  });

  it('is asked afresh there where a fresh sign-in is wanted, and nowhere else', async () => {
    const visitor = new ExternalVisitor(app);
    const maxAgeOf = async (query: Record<string, string>) =>
      new URL(await visitor.start(query)).searchParams.get('max_age');
    expect(await maxAgeOf({ fresh: 'true' })).toBe('600');
    expect(await maxAgeOf({})).toBeNull();
    for (const fresh of ['', '1', 'false', 'TRUE']) {
      const answer = await visitor.get(`/auth/external/acme/start?fresh=${fresh}`);
      expect(refusalOf(answer)).toEqual(invalid('fresh'));
    }
  });

  it('has signed in when the provider says, which is no fresh sign-in hours later', async () => {
    const now = () => Math.floor(Date.now() / 1000);
    const beginLink = async (authTime: unknown) => {
      aPerson();
      provider.faults = { idToken: (claims) => ({ ...claims, auth_time: authTime }) };
      const visitor = new ExternalVisitor(app);
      const { fragment } = await visitor.signIn();
      provider.faults = {};
      if (fragment.error !== undefined) return fragment.error;
      const token = (await visitor.accessToken()) ?? '';
      const { status } = await visitor.post('/auth/external/acme/link', undefined, token);
      return { status, authTime: Number(decodeJwt(token).auth_time) };
    };
    const old = now() - 7_200;
    expect(await beginLink(old)).toEqual({ status: 401, authTime: old });
    expect(await beginLink(now() - 60)).toMatchObject({ status: 201 });
    // What lies ahead is now.
    const { status, authTime } = Object(await beginLink(now() + 7_200));
    expect([status, Math.abs(authTime - now()) < 60]).toEqual([201, true]);
    for (const nonsense of [String(old), -1, null, { at: old }])
      expect(await beginLink(nonsense)).toBe('auth.external_refused');
  });

  it('sees the providers', async () => {
    const { status, body } = await app.api.get('/auth/external');
    expect([status, body]).toEqual([200, { items: [{ id: 'acme', name: 'Acme' }] }]);
  });
});
