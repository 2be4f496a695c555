import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SignedIn, signIn, signUp } from '../../../builders/accounts.js';
import { FLAGS, SoftAuthenticator } from '../../../builders/authenticator.js';
import { challengeOf, signUpWithTotp } from '../../../builders/totp-accounts.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

const ENV = { PASSKEY_UPGRADE: 'on' };
const UPGRADE = { upgrade: true };
/** What an authenticator says that has asked nobody. */
const UNASKED = { flags: FLAGS.attested };
const authenticator = () => new SoftAuthenticator('latchkey.test', 'http://latchkey.test');

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp(ENV);
});
afterAll(async () => app[Symbol.asyncDispose]());

/** Signed in by two factors, and so one who may add another. */
async function withApp(): Promise<SignedIn> {
  const user = await signUpWithTotp(app);
  const challenge = await challengeOf(app.api, user.email);
  const shown = { challenge, method: 'totp', code: user.code(), delivery: 'body' };
  const { body: session } = await app.api.post('/auth/login/second-factor', shown);
  return { ...user, accessToken: session.accessToken };
}

async function make(user: SignedIn, options: object | undefined, device = authenticator()) {
  const { accessToken: token } = user;
  const begun = await app.api.post('/auth/passkeys/options', options, { token });
  if (begun.status !== 200) return begun;
  const { challenge, publicKey } = begun.body;
  const credential = device.create(publicKey, UNASKED);
  return app.api.post('/auth/passkeys', { challenge, credential }, { token });
}

it('takes a passkey that nobody was asked for, which has to verify its user to sign in', async () => {
  const device = authenticator();
  const user = await withApp();
  expect((await make(user, UPGRADE, device)).status).toBe(201);
  const signInBy = async (flags: number) => {
    const { body } = await app.api.post('/auth/passkeys/sign-in/options');
    const credential = device.get(body.publicKey, { flags });
    const shown = { challenge: body.challenge, credential, delivery: 'body' };
    return app.api.post('/auth/passkeys/sign-in', shown);
  };
  expect(refusalOf(await signInBy(FLAGS.present))).toEqual(refused(401, 'auth.factor_invalid'));
  expect((await signInBy(FLAGS.present | FLAGS.verified)).status).toBe(200);
});

it('takes none of that kind where it was asked for like every other', async () => {
  const user = await withApp();
  expect(refusalOf(await make(user, undefined))).toEqual(refused(400, 'factors.passkey_invalid'));
});

it('a stolen password makes none: the first factor takes a proof that nobody is there to show', async () => {
  const thief = await signUp(app);
  const answer = await make(thief, UPGRADE);
  expect(refusalOf(answer)).toEqual(refused(403, 'factors.mail_proof_needed'));
  const { accessToken: token } = await signIn(app.api, thief.email);
  expect((await app.api.get('/auth/factors', { token })).body.items).toEqual([]);
});

it('is off unless it is turned on', async () => {
  await using plain = await startTestApp();
  const { accessToken: token } = await signUp(plain);
  const answer = await plain.api.post('/auth/passkeys/options', UPGRADE, { token });
  expect(refusalOf(answer)).toEqual(refused(403, 'factors.passkey_upgrade_off'));
});
