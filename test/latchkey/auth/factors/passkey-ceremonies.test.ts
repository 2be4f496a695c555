import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signIn, signUp } from '../../../builders/accounts.js';
import {
  type Cbor,
  FLAGS,
  type Forgery,
  SoftAuthenticator,
} from '../../../builders/authenticator.js';
import { mailProof } from '../../../builders/mail-proofs.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { storedEvents } from '../../audit/stored-events.js';

const RP_ID = 'latchkey.test';
const ORIGIN = 'http://latchkey.test';
const AT_ONCE = repeated({ quick: 20, full: 50 });
const INVALID = refused(400, 'factors.passkey_invalid');
const WRONG = refused(401, 'auth.factor_invalid');
const UNKNOWN = refused(401, 'auth.passkey_unknown');
const OVER = refused(401, 'auth.proof_invalid');

let app: Awaited<ReturnType<typeof startTestApp>>;
let other: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  // It sends no mails: they are read at the first one.
  other = await TestApp.start({ stores: app.stores, env: { OUTBOX_WORKER: 'off' } });
});
afterAll(async () => {
  await other.stop();
  await app[Symbol.asyncDispose]();
});

const authenticator = () => new SoftAuthenticator(RP_ID, ORIGIN);
const optionsFor = async ({ accessToken: token }: Pick<SignedIn, 'accessToken'>) =>
  (await app.api.post('/auth/passkeys/options', undefined, { token })).body;
const signInOptions = async (api = app.api) =>
  (await api.post('/auth/passkeys/sign-in/options')).body;

async function register(user: SignedIn, device: SoftAuthenticator, forgery: Forgery = {}) {
  const { challenge, publicKey } = await optionsFor(user);
  const credential = device.create(publicKey, forgery);
  const body = { challenge, credential, name: 'My laptop', ...(await mailProof(app, user)) };
  return app.api.post('/auth/passkeys', body, { token: user.accessToken });
}

async function withPasskey(forgery: Forgery = {}) {
  const user = await signUp(app);
  const device = authenticator();
  const answer = await register(user, device, forgery);
  if (answer.status !== 201) throw new Error(`A passkey was refused: ${answer.text}`);
  return { user, device, factorId: answer.body.id as string };
}

async function show(device: SoftAuthenticator, forgery: Forgery = {}, api = app.api) {
  const { challenge, publicKey } = await signInOptions(api);
  const credential = device.get(publicKey, forgery);
  return api.post('/auth/passkeys/sign-in', { challenge, credential, delivery: 'body' });
}

describe('a passkey', () => {
  it('is asked for by options that name no account before somebody is signed in', async () => {
    const { device } = await withPasskey();
    const { body: user } = await show(device);
    const { publicKey } = await optionsFor(user);
    expect(publicKey).toMatchObject({
      rp: { id: RP_ID },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [{ type: 'public-key', transports: ['internal'] }],
    });
    expect(Buffer.from(publicKey.user.id, 'base64url')).toHaveLength(64);
    expect((await optionsFor(user)).publicKey.user.id).toBe(publicKey.user.id);
    const options = await signInOptions();
    expect(options.publicKey).toMatchObject({
      rpId: RP_ID,
      allowCredentials: [],
      userVerification: 'required',
    });
  });

  it('signs in alone, resistant to phishing, and is in the list with its name', async () => {
    const { user, device, factorId } = await withPasskey();
    const answer = await show(device);
    expect(answer.status).toBe(200);
    expect(answer.body.user.id).toBe(user.userId);
    expect(decodeJwt(answer.body.accessToken)).toMatchObject({
      acr: 'phr',
      amr: ['swk', 'user', 'mfa'],
    });
    const { body } = await app.api.get('/auth/factors', { token: answer.body.accessToken });
    expect(body.items).toEqual([
      expect.objectContaining({ id: factorId, kind: 'passkey', name: 'My laptop' }),
    ]);
    expect(body.items[0].lastUsedAt).not.toBeNull();
  });

  it('is the second factor after a password, also where it does not verify its user', async () => {
    const { user, device } = await withPasskey();
    for (const flags of [FLAGS.present, FLAGS.present | FLAGS.verified]) {
      const login = { email: user.email, password: PASSWORD, delivery: 'body' };
      const { body } = await app.api.post('/auth/login', login);
      expect([body.code, body.methods]).toEqual(['auth.second_factor_required', ['passkey']]);
      const { publicKey } = await signInOptions();
      const answer = await app.api.post('/auth/login/second-factor', {
        challenge: body.challenge,
        method: 'passkey',
        credential: device.get(publicKey, { flags }),
        delivery: 'body',
      });
      expect(answer.status).toBe(200);
      expect(decodeJwt(answer.body.accessToken)).toMatchObject({ acr: 'phr' });
    }
  });

  it('of somebody else is no second factor of the account', async () => {
    const { user } = await withPasskey();
    const { device: foreign } = await withPasskey();
    const login = { email: user.email, password: PASSWORD, delivery: 'body' };
    const { body } = await app.api.post('/auth/login', login);
    const { publicKey } = await signInOptions();
    const answer = await app.api.post('/auth/login/second-factor', {
      challenge: body.challenge,
      method: 'passkey',
      credential: foreign.get(publicKey),
    });
    expect(refusalOf(answer)).toEqual(WRONG);
  });

  it('raises a session that has begun by the password', async () => {
    const user = await signUp(app);
    const older = await signIn(app.api, user.email);
    const device = authenticator();
    await register(user, device);
    const { publicKey } = await signInOptions();
    const body = { method: 'passkey', credential: device.get(publicKey) };
    const answer = await app.api.post('/auth/step-up', body, { token: older.accessToken });
    expect(answer.status).toBe(200);
    expect(decodeJwt(answer.body.accessToken)).toMatchObject({ acr: 'phr', sid: older.sessionId });
  });

  it(`shown ${AT_ONCE} times at once on two instances signs in once`, async () => {
    const { device } = await withPasskey();
    const { challenge, publicKey } = await signInOptions();
    const body = { challenge, credential: device.get(publicKey), delivery: 'body' };
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) =>
        (index % 2 === 0 ? app.api : other.api).post('/auth/passkeys/sign-in', body),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });

  it('that has been removed signs in no more', async () => {
    const { device, factorId } = await withPasskey();
    const { body } = await show(device);
    const path = `/auth/factors/${factorId}`;
    expect((await app.api.delete(path, { token: body.accessToken })).status).toBe(204);
    const stale = await app.api.get('/auth/me', { token: body.accessToken });
    expect(refusalOf(stale)).toEqual(refused(401, 'access.token_stale'));
    expect(refusalOf(await show(device))).toEqual(UNKNOWN);
  });

  it('that is the last way in cannot be removed', async () => {
    const { user, device, factorId } = await withPasskey();
    await app.stores.query('UPDATE users SET password_hash = NULL WHERE id = $1', [user.userId]);
    const { body } = await show(device);
    const answer = await app.api.delete(`/auth/factors/${factorId}`, { token: body.accessToken });
    expect(refusalOf(answer)).toEqual(refused(409, 'factors.last_way_in'));
  });

  it('of a disabled account signs in nobody', async () => {
    const { user, device } = await withPasskey();
    await app.stores.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [user.userId]);
    expect(refusalOf(await show(device))).toEqual(WRONG);
  });

  it('whose counter goes back still signs in, and an admin sees it', async () => {
    const { user, device } = await withPasskey({ counter: 5 });
    expect((await show(device, { counter: 7 })).status).toBe(200);
    expect((await show(device, { counter: 6 })).status).toBe(200);
    const events = await storedEvents(app.stores, 'passkey.counter_went_back');
    expect(events.filter(({ target_id: id }) => id === user.userId)).toEqual([
      expect.objectContaining({ details: expect.objectContaining({ stored: 7, presented: 6 }) }),
    ]);
  });
});

const ES256_OF_NOBODY = new Map<number, Cbor>([
  [1, 2],
  [3, -7],
  [-1, 1],
  [-2, Buffer.alloc(32, 1)],
  [-3, Buffer.alloc(32, 2)],
]);
const { present, verified, attested, backedUp } = FLAGS;

describe('a forged registration is refused (WebAuthn Level 3, 7.1)', () => {
  let victim: SignedIn;
  let proof: Awaited<ReturnType<typeof mailProof>>;
  beforeAll(async () => {
    victim = await signUp(app);
    proof = await mailProof(app, victim);
  });
  const attempt = async (device: SoftAuthenticator, forgery?: Forgery) => {
    const { challenge, publicKey } = await optionsFor(victim);
    const body = { challenge, credential: device.create(publicKey, forgery), ...proof };
    return app.api.post('/auth/passkeys', body, { token: victim.accessToken });
  };

  it.each<[string, Forgery]>([
    ['step 5: client data that is no JSON', { response: { clientDataJSON: 'AAAA' } }],
    ['step 7: of another ceremony', { clientData: { type: 'webauthn.get' } }],
    ['step 8: for another challenge', { clientData: { challenge: 'bGtvXw' } }],
    [
      'step 9: from another origin',
      { clientData: { origin: 'http://latchkey.test.evil.example' } },
    ],
    ['step 9: from another port', { clientData: { origin: `${ORIGIN}:8080` } }],
    ['step 10: from a frame of another site', { clientData: { crossOrigin: true } }],
    [
      'step 11: below a page of another site',
      { clientData: { topOrigin: 'https://evil.example' } },
    ],
    ['step 13: an attestation that is no CBOR', { response: { attestationObject: '_____w' } }],
    ['step 14: for another RP id', { rpId: 'evil.example' }],
    ['step 15: with nobody there', { flags: verified | attested }],
    ['step 16: without user verification', { flags: present | attested }],
    ['step 17: backed up, and not eligible', { flags: present | verified | attested | backedUp }],
    [
      'step 20: of an algorithm that was not offered',
      {
        publicKey: new Map<number, Cbor>([
          [1, 2],
          [3, -47],
        ]),
      },
    ],
    ['step 20: with a point that is on no curve', { publicKey: ES256_OF_NOBODY }],
    ['step 21: without a credential', { flags: present | verified }],
    ['step 21: with something after its end', { tail: Buffer.from([0]) }],
    [
      'step 22: with an attestation that was not asked for',
      {
        attestation: new Map<string, Cbor>([
          ['fmt', 'fido-u2f'],
          ['attStmt', new Map()],
        ]),
      },
    ],
    [
      'step 22: with an attestation of nothing that states something',
      {
        attestation: new Map<string, Cbor>([
          ['fmt', 'none'],
          ['attStmt', new Map([['sig', 1]])],
        ]),
      },
    ],
    [
      'step 22: attested by a signature of nobody',
      {
        attestation: new Map<string, Cbor>([
          ['fmt', 'packed'],
          [
            'attStmt',
            new Map<string, Cbor>([
              ['alg', -7],
              ['sig', Buffer.alloc(70, 1)],
            ]),
          ],
        ]),
      },
    ],
    ['step 25: under another id', { credential: { id: 'AAAA', rawId: 'AAAA' } }],
    ['of another type', { credential: { type: 'password' } }],
    ['without a response', { credential: { response: null } }],
    ['with an id in two ways', { credential: { rawId: 'AAAA' } }],
  ])('%s', async (_, forgery) => {
    expect(refusalOf(await attempt(authenticator(), forgery))).toEqual(INVALID);
    const { body } = await app.api.get('/auth/factors', { token: victim.accessToken });
    expect(body.items).toEqual([]);
  });

  it('step 25: with an id of more than 1,023 bytes', async () => {
    const withId = (bytes: number) => new SoftAuthenticator(RP_ID, ORIGIN, bytes);
    expect(refusalOf(await attempt(withId(1_024)))).toEqual(INVALID);
    expect((await attempt(withId(1_023))).status).toBe(201);
  });

  it('step 26: of a credential that an account has already', async () => {
    const { device } = await withPasskey();
    const { userHandle } = device;
    const thief = await signUp(app);
    expect(refusalOf(await register(thief, device))).toEqual(INVALID);
    device.userHandle = userHandle;
    expect((await show(device)).status).toBe(200);
  });

  it('with a challenge that has been used, is of somebody else, or of a session that has ended', async () => {
    const user = await signUp(app);
    const { challenge, publicKey } = await optionsFor(user);
    const body = () => ({ challenge, credential: authenticator().create(publicKey) });
    const thief = await signUp(app);
    const stolen = await app.api.post('/auth/passkeys', body(), { token: thief.accessToken });
    expect(refusalOf(stolen)).toEqual(OVER);
    const proven = { ...body(), ...(await mailProof(app, user)) };
    const first = await app.api.post('/auth/passkeys', proven, { token: user.accessToken });
    expect(first.status).toBe(201);
    const again = await app.api.post('/auth/passkeys', body(), { token: user.accessToken });
    expect(again.status).toBe(401);
  });
});

describe('a forged sign-in is refused (WebAuthn Level 3, 7.2)', () => {
  let owned: SoftAuthenticator;
  beforeAll(async () => {
    owned = (await withPasskey()).device;
  });

  it.each<[string, Forgery]>([
    [
      'step 6: of another account',
      { response: { userHandle: Buffer.alloc(64).toString('base64url') } },
    ],
    ['step 9: with client data that is no JSON', { response: { clientDataJSON: 'AAAA' } }],
    ['step 11: of another ceremony', { clientData: { type: 'webauthn.create' } }],
    ['step 13: from another origin', { clientData: { origin: 'https://evil.example' } }],
    ['step 14: from a frame of another site', { clientData: { crossOrigin: true } }],
    [
      'step 15: below a page of another site',
      { clientData: { topOrigin: 'https://evil.example' } },
    ],
    ['step 16: for another RP id', { rpId: 'evil.example' }],
    ['step 17: with nobody there', { flags: verified }],
    ['step 18: without user verification', { flags: present }],
    ['step 19: backed up, and not eligible', { flags: present | verified | backedUp }],
    ['step 19: eligible all at once', { flags: present | verified | FLAGS.eligible }],
    [
      'step 21: signed by another key',
      { signWith: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
    ],
    ['step 21: without a signature', { response: { signature: '' } }],
    ['with something after its end', { tail: Buffer.from([0]) }],
    ['of another type', { credential: { type: 'password' } }],
  ])('%s', async (_, forgery) => {
    expect(refusalOf(await show(owned, forgery))).toEqual(WRONG);
    expect((await show(owned)).status).toBe(200);
  });

  it('step 7: by a passkey that no account has, or has no longer, which the browser is told', async () => {
    const { user, device, factorId } = await withPasskey();
    const forged = { credential: { id: 'AAAA', rawId: 'AAAA' } };
    expect(refusalOf(await show(device, forged))).toEqual(UNKNOWN);
    const { accessToken: token } = (await show(device)).body;
    await app.api.delete(`/auth/factors/${factorId}`, { token });
    expect(refusalOf(await show(device))).toEqual(UNKNOWN);
    const { body } = await app.api.get('/auth/passkeys', { token: user.accessToken });
    expect(body.allAcceptedCredentialIds).toEqual([]);
  });

  it('step 12: for another challenge, or one that has been used or never issued', async () => {
    const { device } = await withPasskey();
    const one = await signInOptions();
    const another = await signInOptions();
    const send = (challenge: string, credential: object) =>
      app.api.post('/auth/passkeys/sign-in', { challenge, credential, delivery: 'body' });
    expect(refusalOf(await send(one.challenge, device.get(another.publicKey)))).toEqual(OVER);
    const made = Buffer.from('lko_made-up').toString('base64url');
    expect(refusalOf(await send('lko_made-up', device.get({ challenge: made })))).toEqual(OVER);
    const credential = device.get(one.publicKey);
    expect((await send(one.challenge, credential)).status).toBe(200);
    expect(refusalOf(await send(one.challenge, credential))).toEqual(OVER);
  });

  it('with the challenge of a registration', async () => {
    const { device } = await withPasskey();
    const { challenge, publicKey } = await optionsFor((await show(device)).body);
    const body = { challenge, credential: device.get(publicKey), delivery: 'body' };
    expect(refusalOf(await app.api.post('/auth/passkeys/sign-in', body))).toEqual(OVER);
  });

  it('in another browser than the one that asked, also from another site', async () => {
    const { device } = await withPasskey();
    const headers = { Origin: app.origin, 'Sec-Fetch-Site': 'same-origin' };
    const asked = await app.api.post('/auth/passkeys/sign-in/options', undefined, { headers });
    const cookie = asked.headers.get('set-cookie')?.split(';')[0] ?? '';
    const { challenge, publicKey } = asked.body;
    const body = { challenge, credential: device.get(publicKey), delivery: 'body' };
    const path = '/auth/passkeys/sign-in';
    expect(refusalOf(await app.api.post(path, body, { headers }))).toEqual(OVER);
    const foreign = { headers, cookie: cookie.replace(/=.{8}/, '=AAAAAAAA') };
    expect(refusalOf(await app.api.post(path, body, foreign))).toEqual(OVER);
    const crossSite = {
      ...headers,
      Origin: 'https://evil.example',
      'Sec-Fetch-Site': 'cross-site',
    };
    const planted = { ...body, delivery: 'cookie' };
    const refusedThere = await app.api.post(path, planted, { headers: crossSite, cookie });
    expect(refusalOf(refusedThere)).toEqual(refused(403, 'auth.cross_site'));
    expect((await app.api.post(path, body, { headers, cookie })).status).toBe(200);
  });

  it('and is on record', async () => {
    const { user, device } = await withPasskey();
    await app.stores.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [user.userId]);
    await show(device);
    const events = await storedEvents(app.stores, 'sign_in.failed');
    expect(events.find(({ target_id: id }) => id === user.userId)).toMatchObject({
      reason: 'wrong_passkey',
    });
  });
});

it('browsers are told which passkeys an account has, and by which name', async () => {
  const { user: stranger } = await withPasskey();
  const user = await signUp(app);
  const signals = async () => {
    const { status, body } = await app.api.get('/auth/passkeys', { token: user.accessToken });
    expect(status).toBe(200);
    return body;
  };
  const about = { rpId: RP_ID, name: user.email, displayName: user.email };
  expect(await signals()).toEqual({ ...about, userId: null, allAcceptedCredentialIds: [] });
  const device = authenticator();
  await register(user, device);
  await app.api.patch('/users/me', { name: 'Ada Lovelace' }, { token: stranger.accessToken });
  expect(await signals()).toEqual({
    ...about,
    userId: device.userHandle,
    allAcceptedCredentialIds: [device.id.toString('base64url')],
  });
});

it('origins that may use the passkeys are told to browsers', async () => {
  const env = {
    WEBAUTHN_RP_ID: 'example.com',
    WEBAUTHN_ORIGINS: 'https://example.com,https://example.co.uk',
  };
  const related = await TestApp.start({ stores: app.stores, env });
  const { body } = await related.api.get('/.well-known/webauthn');
  expect(body).toEqual({ origins: ['https://example.com', 'https://example.co.uk'] });
  const options = await related.api.post('/auth/passkeys/sign-in/options');
  expect(options.body.publicKey.rpId).toBe('example.com');
  await related.stop();
});
