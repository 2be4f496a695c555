import { createHash, randomBytes } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp, uniqueEmail } from '../../../builders/accounts.js';
import { settingsOf, uniqueSubject } from '../../../builders/external-sign-in.js';
import { addTotp } from '../../../builders/totp-accounts.js';
import { mailTo, tokenIn } from '../../../support/dev-mails.js';
import { CLIENT_ID, OpenIdProvider } from '../../../support/openid-provider.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';

const APP = 'com.example.app';
const REFUSED = refused(401, 'auth.external_refused');
const PARALLEL = repeated({ quick: 20, full: 50 });

let provider: OpenIdProvider;
let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  provider = await OpenIdProvider.start();
  const settings = { EXTERNAL_ACME_AUDIENCES: APP, EXTERNAL_ACME_TRUST_AMR: 'mfa' };
  app = await startTestApp({ ...settingsOf(provider), ...settings });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await provider.stop();
});

const decodeUser = (accessToken: string) => ({ userId: String(decodeJwt(accessToken).sub) });
const digestOf = (nonce: string, form: 'hex' | 'base64url' = 'hex') =>
  createHash('sha256').update(nonce).digest(form);

/** What an app gets from the provider’s library. */
async function token(claims: Record<string, unknown> = {}, form?: 'hex' | 'base64url') {
  const nonce = randomBytes(16).toString('hex');
  const person = { sub: uniqueSubject(), email: uniqueEmail(), email_verified: true };
  const all = { ...provider.claimsOf(person, digestOf(nonce, form), APP), ...claims };
  return { nonce, idToken: await provider.sign(all) };
}
const show = (body: object, headers: Record<string, string> = {}) =>
  app.api.post('/auth/external/acme/token', { delivery: 'body', ...body }, { headers });

describe('an app signs in by the ID token that it has got', () => {
  it.each(['hex', 'base64url'] as const)('whose nonce is the %s of a SHA-256', async (form) => {
    const { status, body } = await show(await token({}, form));
    expect(status).toBe(200);
    expect(decodeJwt(body.accessToken)).toMatchObject({ amr: ['fed'], acr: 'aal1' });
    expect(body.refreshToken).toEqual(expect.any(String));
  });

  it('for one of the audiences that are listed, or the web’s', async () => {
    expect((await show(await token({ aud: CLIENT_ID }))).status).toBe(200);
    expect(refusalOf(await show(await token({ aud: 'com.example.other' })))).toEqual(REFUSED);
  });

  it('by two factors, where the settings believe the provider’s amr', async () => {
    const { body } = await show(await token({ amr: ['pwd', 'mfa'] }));
    expect(decodeJwt(body.accessToken)).toMatchObject({ amr: ['fed', 'mfa'], acr: 'aal2' });
    const other = await show(await token({ amr: ['pwd', 'otp'] }));
    expect(decodeJwt(other.body.accessToken)).toMatchObject({ amr: ['fed'], acr: 'aal1' });
  });
});

it('two factors there are one here, where a session of one has added the identity', async () => {
  const user = await signUp(app);
  const sub = uniqueSubject();
  const claims = { sub, email: user.email, amr: ['mfa'] };
  const { ticket } = (await show(await token(claims))).body;
  const added = await app.api.post('/auth/identities', { ticket }, { token: user.accessToken });
  expect(added.status).toBe(201);
  const { body } = await show(await token(claims));
  expect(decodeJwt(body.accessToken)).toMatchObject({ amr: ['fed'], acr: 'aal1' });
});

describe('it works once', () => {
  it('on two instances, however many show it at once', async () => {
    const { stores } = app;
    const env = { ...settingsOf(provider), EXTERNAL_ACME_AUDIENCES: APP, OUTBOX_WORKER: 'off' };
    const other = await TestApp.start({ stores, env });
    const shown = { ...(await token()), delivery: 'body' };
    const answers = await Promise.all(
      Array.from({ length: PARALLEL }, (_, index) =>
        (index % 2 === 0 ? app : other).api.post('/auth/external/acme/token', shown),
      ),
    );
    const [signedIn, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    const refusals = answers.filter((answer) => answer !== signedIn).map(refusalOf);
    expect(refusals).toEqual(refusals.map(() => REFUSED));
    const { userId } = decodeUser(signedIn?.body.accessToken);
    const sessions = await stores.query('SELECT FROM sessions WHERE user_id = $1', [userId]);
    expect(sessions).toHaveLength(1);
    await other.stop();
  });

  it('however its signature is written', async () => {
    const { nonce, idToken } = await token();
    expect((await show({ idToken, nonce })).status).toBe(200);
    const again = await provider.sign(decodeJwt(idToken));
    expect(refusalOf(await show({ idToken: again, nonce }))).toEqual(REFUSED);
  });

  it('also where it has been answered by a second factor that is asked for, or by a proof', async () => {
    const user = await signUp(app);
    const asks = await token({ email: user.email });
    expect(refusalOf(await show(asks))).toEqual(refused(403, 'auth.external_proof_required'));
    expect(refusalOf(await show(asks))).toEqual(REFUSED);

    const sub = uniqueSubject();
    const { body: first } = await show(await token({ sub }));
    const { userId } = decodeUser(first.accessToken);
    const owner = { ...first, userId, email: first.user.email };
    await addTotp(app, owner);
    const known = await token({ sub });
    expect(refusalOf(await show(known))).toEqual(refused(403, 'auth.second_factor_required'));
    expect(refusalOf(await show(known))).toEqual(REFUSED);
  });

  it('and is not used up by what goes wrong here', async () => {
    const { stores } = app;
    const env = { ...settingsOf(provider), EXTERNAL_ACME_AUDIENCES: APP, OUTBOX_WORKER: 'off' };
    const closed = await TestApp.start({ stores, env: { ...env, REGISTRATION: 'closed' } });
    const shown = { ...(await token()), delivery: 'body' };
    const refusal = await closed.api.post('/auth/external/acme/token', shown);
    expect(refusalOf(refusal)).toEqual(refused(403, 'auth.registration_closed'));
    expect((await show(shown)).status).toBe(200);
    await closed.stop();
  });

  it('a replay is on record', async () => {
    const shown = await token();
    await show(shown);
    const count = async () =>
      (
        await app.stores.query(
          `SELECT FROM audit_events WHERE outcome = 'failure' AND reason = 'external_refused'`,
        )
      ).length;
    const before = await count();
    await show(shown);
    expect(await count()).toBe(before + 1);
  });
});

describe('it is refused', () => {
  it.each([
    ['with a nonce as it is, whose pre-image nobody shows', { nonce: 'n'.repeat(32) }],
    ['without a nonce', { nonce: undefined }],
    ['of another issuer', { iss: 'https://evil.example' }],
    ['that is over', { exp: 1_000 }],
    ['that is good for a day, and an hour old', { iat: Math.floor(Date.now() / 1000) - 3_600 }],
    ['without a subject', { sub: undefined }],
  ])('%s', async (_, claims) => {
    const { nonce, idToken } = await token(claims);
    for (const shown of [nonce, 'n'.repeat(32)])
      expect(refusalOf(await show({ idToken, nonce: shown }))).toEqual(REFUSED);
  });

  it.each(['x', 'a.b.c', `${'x'.repeat(2_000)}.e30.`])('where it is %.10s', async (idToken) => {
    expect(refusalOf(await show({ idToken, nonce: 'n'.repeat(16) }))).toEqual(REFUSED);
  });

  it('with a cookie for another site', async () => {
    const shown = { ...(await token()), delivery: 'cookie' };
    const answer = await show(shown, { 'Sec-Fetch-Site': 'cross-site' });
    expect(refusalOf(answer)).toEqual(refused(403, 'auth.cross_site'));
  });

  it('and unknown keys make no more than a request in half a minute', async () => {
    const before = provider.requests.filter((path) => path === '/jwks').length;
    const stranger = await OpenIdProvider.start();
    await stranger.rotateKeys();
    for (let tries = 0; tries < 10; tries += 1) {
      const idToken = await stranger.sign(provider.claimsOf({ sub: 'x' }, 'y', APP));
      expect(refusalOf(await show({ idToken, nonce: 'n'.repeat(16) }))).toEqual(REFUSED);
    }
    expect(provider.requests.filter((path) => path === '/jwks').length - before).toBeLessThan(2);
    await stranger.stop();
  });
});

describe('where the address has an account', () => {
  it('the owner shows the code of a mail, with the ticket that the app got', async () => {
    const user = await signUp(app);
    const claims = { email: user.email, sub: uniqueSubject() };
    const asked = await show(await token(claims));
    expect(refusalOf(asked)).toEqual(refused(403, 'auth.external_proof_required'));
    expect(asked.body).toMatchObject({ methods: ['mail', 'sign_in'], expiresIn: 600 });
    const mail = await mailTo(app, user.email, 'identity-proof');
    // The link alone, which its owner may follow, links nothing.
    const prove = (proof: object) =>
      app.api.post('/auth/external/prove', { delivery: 'body', ...proof });
    const invalid = refused(401, 'auth.proof_invalid');
    expect(refusalOf(await prove({ token: tokenIn(mail) }))).toEqual(invalid);
    const { ticket } = asked.body;
    expect((await prove({ ticket, code: mail.code })).body.user.id).toBe(user.userId);
  });
});
