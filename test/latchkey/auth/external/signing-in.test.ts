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

  it('sees the providers', async () => {
    const { status, body } = await app.api.get('/auth/external');
    expect([status, body]).toEqual([200, { items: [{ id: 'acme', name: 'Acme' }] }]);
  });
});
