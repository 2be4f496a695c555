import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  uniqueEmail,
} from '../../../builders/accounts.js';
import {
  destinationOf,
  ExternalVisitor,
  settingsOf,
  uniqueSubject,
} from '../../../builders/external-sign-in.js';
import { mailTo } from '../../../support/dev-mails.js';
import { OpenIdProvider } from '../../../support/openid-provider.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { ISSUER, startTestApp, TestApp } from '../../../support/test-app.js';
import { storedEvents } from '../../audit/stored-events.js';

let provider: OpenIdProvider;
let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  provider = await OpenIdProvider.start();
  app = await startTestApp({ ...settingsOf(provider), MAIL_PER_HOUR: '1000' });
  admin = await signUpAdmin(app);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await provider.stop();
});

async function ticketFor(visitor: ExternalVisitor, token: string): Promise<string> {
  const answer = await visitor.post('/auth/external/acme/link', undefined, token);
  expect([answer.status, answer.body]).toEqual([
    201,
    { ticket: expect.stringMatching(/^lko_/), expiresIn: 120 },
  ]);
  return String(answer.body.ticket);
}

/** Adds an identity from inside the account. */
async function link(user: SignedIn, sub = uniqueSubject()) {
  const visitor = new ExternalVisitor(app);
  provider.person = { sub, email: uniqueEmail() };
  const ticket = await ticketFor(visitor, user.accessToken);
  return { sub, visitor, ended: await visitor.signIn({ link: ticket, returnTo: '/account' }) };
}

const identitiesOf = async (token: string) =>
  (await app.api.get('/auth/identities', { token })).body.items;

/** An account without a password, that somebody signs in to through the provider. */
async function withoutPassword() {
  const [sub, email] = [uniqueSubject(), uniqueEmail()];
  provider.person = { sub, email, email_verified: true };
  const visitor = new ExternalVisitor(app);
  await visitor.signIn();
  const token = (await visitor.accessToken()) ?? '';
  const [identity] = await identitiesOf(token);
  return { sub, email, token, identity };
}

describe('adding one from inside the account', () => {
  it('takes a fresh sign-in, and makes it a way in', async () => {
    const user = await signUp(app);
    const { sub, ended } = await link(user);
    expect(ended).toEqual({ address: `${ISSUER}/account`, fragment: {} });
    await mailTo(app, user.email, 'identity-added');
    const visitor = new ExternalVisitor(app);
    provider.person = { sub };
    await visitor.signIn();
    const { body } = await app.api.get('/users/me', { token: await visitor.accessToken() });
    expect(body.id).toBe(user.userId);
    const [added] = await storedEvents(app.stores, 'identity.added');
    expect(added).toMatchObject({ target_id: user.userId, details: { provider: 'acme' } });
  });

  it('is refused where the sign-in is not fresh', async () => {
    const user = await signUp(app);
    const stale = await TestApp.start({
      stores: app.stores,
      env: { ...settingsOf(provider), FRESH_SIGN_IN_SECONDS: '1', OUTBOX_WORKER: 'off' },
    });
    await app.stores.query(
      `UPDATE sessions SET factors = jsonb_set(factors, '{password,at}', '1000') WHERE id = $1`,
      [user.sessionId],
    );
    const refreshed = await stale.api.post('/auth/refresh', { refreshToken: user.refreshToken });
    const token = refreshed.body.accessToken;
    const answer = await stale.api.post('/auth/external/acme/link', undefined, { token });
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.fresh_sign_in_required'));
    await stale.stop();
  });

  it('is refused with a ticket in another browser, a second time, or of nobody', async () => {
    const user = await signUp(app);
    const visitor = new ExternalVisitor(app);
    const ticket = await ticketFor(visitor, user.accessToken);
    const stranger = new ExternalVisitor(app);
    await stranger.start();
    const start = (who: ExternalVisitor, link: string) =>
      who.get(`/auth/external/acme/start?${new URLSearchParams({ link })}`);
    const invalid = refused(401, 'auth.proof_invalid');
    expect(refusalOf(await start(stranger, ticket))).toEqual(invalid);
    expect(refusalOf(await start(new ExternalVisitor(app), ticket))).toEqual(invalid);
    expect((await start(visitor, ticket)).status).toBe(303);
    expect(refusalOf(await start(visitor, ticket))).toEqual(invalid);
    expect(refusalOf(await start(visitor, 'nothing'))).toEqual(invalid);
  });

  it('adds nothing once the session has ended that began it', async () => {
    const user = await signUp(app);
    const visitor = new ExternalVisitor(app);
    provider.person = { sub: uniqueSubject() };
    const ticket = await ticketFor(visitor, user.accessToken);
    const callback = await visitor.authorize(await visitor.start({ link: ticket, returnTo: '/x' }));
    await app.api.post('/auth/logout', undefined, { token: user.accessToken });
    const { fragment } = destinationOf(await visitor.comeBack(callback));
    expect(fragment.error).toBe('auth.proof_invalid');
    const again = await signIn(app.api, user.email);
    expect(await identitiesOf(again.accessToken)).toEqual([]);
  });

  it('takes none from another account, which is told so', async () => {
    const [one, other] = [await signUp(app), await signUp(app)];
    const { sub } = await link(one);
    const { ended } = await link(other, sub);
    expect(ended.fragment).toEqual({ error: 'identities.taken', provider: 'acme' });
    expect(await identitiesOf(other.accessToken)).toEqual([]);
    // One’s own, again, is fine.
    expect((await link(one, sub)).ended.fragment).toEqual({});
    expect(await identitiesOf(one.accessToken)).toHaveLength(1);
  });
});

describe('removing one', () => {
  const remove = (token: string, id: string) => app.api.delete(`/auth/identities/${id}`, { token });

  it('ends it as a way in, and the owner is told', async () => {
    const user = await signUp(app);
    const { sub } = await link(user);
    const [{ id }] = await identitiesOf(user.accessToken);
    expect((await remove(user.accessToken, id)).status).toBe(204);
    await mailTo(app, user.email, 'identity-removed');
    provider.person = { sub };
    const { fragment } = await new ExternalVisitor(app).signIn();
    expect(fragment.error).toBe('auth.external_email_missing');
    expect(refusalOf(await remove(user.accessToken, id))).toEqual(
      refused(404, 'identities.not_found'),
    );
  });

  it('never takes the last way in', async () => {
    const { token, identity } = await withoutPassword();
    const lastWayIn = refused(409, 'factors.last_way_in');
    expect(refusalOf(await remove(token, identity.id))).toEqual(lastWayIn);
    // Nor one of two, the other of which a provider has that nobody signs in by.
    await app.stores.query(
      `INSERT INTO identities (id, user_id, issuer, subject, provider)
       SELECT gen_random_uuid(), user_id, 'https://gone.example', subject, 'gone' FROM identities WHERE id = $1`,
      [identity.id],
    );
    expect(refusalOf(await remove(token, identity.id))).toEqual(lastWayIn);
  });

  it('is not done to somebody else’s', async () => {
    const { identity } = await withoutPassword();
    const stranger = await signUp(app);
    expect(refusalOf(await remove(stranger.accessToken, identity.id))).toEqual(
      refused(404, 'identities.not_found'),
    );
  });
});

describe('what owners, admins and the export show', () => {
  it('has the provider, the issuer and the address that it named, and no token of its', async () => {
    const { email, token, identity, sub } = await withoutPassword();
    expect(identity).toEqual({
      id: expect.any(String),
      provider: 'acme',
      issuer: provider.issuer,
      email,
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
    });
    const { body: me } = await app.api.get('/users/me', { token });
    const asAdmin = { token: admin.accessToken };
    const listed = await app.api.get(`/admin/users/${me.id}/identities`, asAdmin);
    expect(listed.body).toEqual({ items: [identity] });
    const details = await app.api.get(`/admin/users/${me.id}`, asAdmin);
    expect(details.body).toEqual({ ...me, identities: [identity] });
    const found = await app.api.get('/admin/users?provider=acme&limit=100', asAdmin);
    expect(found.body.items.map(({ id }: { id: string }) => id)).toContain(me.id);
    const none = await app.api.get('/admin/users?provider=other', asAdmin);
    expect(none.body.items).toEqual([]);
    const { text } = await app.api.get('/auth/account/export', { token });
    expect(JSON.parse(text).identities).toEqual([expect.objectContaining({ subject: sub, email })]);
  });

  it('a user sees nobody else’s', async () => {
    const user = await signUp(app);
    const answer = await app.api.get(`/admin/users/${admin.userId}/identities`, {
      token: user.accessToken,
    });
    expect(refusalOf(answer)).toEqual(refused(403, 'access.forbidden'));
  });
});

describe('a provider that is switched off', () => {
  it('ends nothing, but lets nobody in by it', async () => {
    const { token } = await withoutPassword();
    const off = await TestApp.start({ stores: app.stores, env: { OUTBOX_WORKER: 'off' } });
    expect((await off.api.get('/auth/me', { token })).status).toBe(200);
    const unknown = refused(404, 'auth.external_unknown');
    for (const path of ['start', 'callback?code=x&state=y'])
      expect(refusalOf(await off.api.get(`/auth/external/acme/${path}`))).toEqual(unknown);
    const body = { idToken: 'x', nonce: 'n'.repeat(16) };
    expect(refusalOf(await off.api.post('/auth/external/acme/token', body))).toEqual(unknown);
    await off.stop();
  });
});
