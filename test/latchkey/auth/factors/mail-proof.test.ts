import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  uniqueEmail,
} from '../../../builders/accounts.js';
import { SoftAuthenticator } from '../../../builders/authenticator.js';
import { askForProof, type MailProof } from '../../../builders/mail-proofs.js';
import { createTestCodes, giveCodes, WithSecondFactors } from '../../../builders/second-factors.js';
import { age, refresh } from '../../../builders/sessions.js';
import { addTotp, codeOf, signInWithTotp } from '../../../builders/totp-accounts.js';
import { mailsHaveLeft, mailsTo, mailTo, tokenIn } from '../../../support/dev-mails.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { storedEvents } from '../../audit/stored-events.js';

const NEEDED = refused(403, 'factors.mail_proof_needed');
const OVER = refused(401, 'auth.proof_invalid');
const WRONG_CODE = 'AAAA-AAAA';
const NEW_PASSWORD = 'seven green kites at noon';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({ MAIL_PER_HOUR: '1000' }, { module: WithSecondFactors });
  await createTestCodes(app.stores);
});
afterAll(() => app[Symbol.asyncDispose]());

type Session = Pick<SignedIn, 'accessToken'>;

/** What adds a first factor, as often as it is sent, until it is let through. */
async function appToAdd({ accessToken: token }: Session) {
  const { id, secret } = (await app.api.post('/auth/factors/totp', undefined, { token })).body;
  const path = `/auth/factors/totp/${id}/confirm`;
  return (proof?: MailProof) => app.api.post(path, { code: codeOf(secret), proof }, { token });
}
async function passkeyToAdd({ accessToken: token }: Session) {
  const device = new SoftAuthenticator('latchkey.test', 'http://latchkey.test');
  const made = (await app.api.post('/auth/passkeys/options', undefined, { token })).body;
  const { challenge } = made;
  const credential = device.create(made.publicKey);
  return (proof?: MailProof) =>
    app.api.post('/auth/passkeys', { challenge, credential, proof }, { token });
}
const FIRST = { 'an app': appToAdd, 'a passkey': passkeyToAdd } as const;

const ask = ({ accessToken: token }: Session) =>
  app.api.post('/auth/factors/proof', undefined, { token });
const isVerified = async (userId: string) =>
  (await app.stores.query('SELECT email_verified FROM users WHERE id = $1', [userId]))[0]
    ?.email_verified;
const needsProof = async ({ accessToken: token }: Session) =>
  (await app.api.get('/auth/factors', { token })).body.proofNeeded;

describe.each(Object.entries(FIRST))('a stolen password adds no first factor: %s', (_, begin) => {
  it('is refused without the code of a mail, and nothing is consumed by that', async () => {
    const user = await signUp(app);
    const thief = await signIn(app.api, user.email);
    const add = await begin(thief);
    expect(refusalOf(await add())).toEqual(NEEDED);
    const proof = await askForProof(app, thief);
    expect(refusalOf(await add({ ...proof, code: WRONG_CODE }))).toEqual(OVER);
    await signIn(app.api, user.email);
    expect((await add(proof)).status).toBeLessThan(300);
  });

  it('is added in the session that asked for the code, and in no other', async () => {
    const user = await signUp(app);
    const owner = await signIn(app.api, user.email);
    const thief = await signIn(app.api, user.email);
    const addElsewhere = await begin(thief);
    const add = await begin(owner);
    const proof = await askForProof(app, owner);
    expect(refusalOf(await addElsewhere(proof))).toEqual(OVER);
    expect((await add(proof)).status).toBeLessThan(300);
  });

  it('marks the address as its owner’s: recovery leaves the factor', async () => {
    const user = await signUp(app);
    const add = await begin(user);
    expect(await isVerified(user.userId)).toBe(false);
    expect((await add(await askForProof(app, user))).status).toBeLessThan(300);
    expect(await isVerified(user.userId)).toBe(true);
    const events = await storedEvents(app.stores, 'user.email_verified');
    expect(events.filter(({ target_id: id }) => id === user.userId)).toHaveLength(1);

    await app.api.post('/auth/recovery/request', { email: user.email });
    const token = tokenIn(await mailTo(app, user.email, 'recovery'));
    const change = { token, newPassword: NEW_PASSWORD };
    expect((await app.api.post('/auth/recovery/complete', change)).status).toBe(204);
    const login = { email: user.email, password: NEW_PASSWORD, delivery: 'body' };
    const answer = await app.api.post('/auth/login', login);
    expect(refusalOf(answer)).toEqual(refused(403, 'auth.second_factor_required'));
  });
});

describe('the code of the mail', () => {
  it('comes without a link, in the language of the account, and says what it is for', async () => {
    const email = uniqueEmail();
    await app.api.post(
      '/auth/register',
      { email, password: PASSWORD },
      {
        headers: { 'Accept-Language': 'de' },
      },
    );
    const { code } = await askForProof(app, await signIn(app.api, email));
    const { text, links, subject } = await mailTo(app, email, 'factor-enrolment');
    expect(links).toEqual([]);
    expect(text).not.toContain('lko_');
    expect(text).toContain(code);
    expect(text).toContain('10 Minuten');
    expect(subject).toContain('zweiter Faktor');
  });

  it('bears five wrong tries', async () => {
    const user = await signUp(app);
    const add = await appToAdd(user);
    const { ticket, code } = await askForProof(app, user);
    for (let tried = 0; tried < 5; tried++) {
      expect(refusalOf(await add({ ticket, code: WRONG_CODE }))).toEqual(OVER);
    }
    expect(refusalOf(await add({ ticket, code }))).toEqual(OVER);
  });

  it('outlives another one: whoever has the password cannot make the owner’s worthless', async () => {
    const user = await signUp(app);
    const proof = await askForProof(app, user);
    await askForProof(app, await signIn(app.api, user.email));
    await askForProof(app, user);
    expect((await (await appToAdd(user))(proof)).status).toBe(200);
  });

  it('is dead once the password has been changed, or the session has ended', async () => {
    const user = await signUp(app);
    const proof = await askForProof(app, user);
    const token = user.accessToken;
    const change = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD, delivery: 'body' };
    const changed = await app.api.post('/auth/password/change', change, { token });
    expect(changed.status).toBe(200);
    const add = await appToAdd({ accessToken: changed.body.accessToken });
    expect(refusalOf(await add(proof))).toEqual(OVER);
  });

  it('adds one factor, however many are sent at once: the others are asked for that one', async () => {
    const user = await signUp(app);
    const adds = await Promise.all(Array.from({ length: 10 }, () => passkeyToAdd(user)));
    const proof = await askForProof(app, user);
    const statuses = (await Promise.all(adds.map((add) => add(proof)))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(9);
  });

  it('is not to be had around: what waits for the owner’s first factor is asked for that one', async () => {
    const user = await signUp(app);
    const thief = await signIn(app.api, user.email);
    const [add, thiefs] = [await passkeyToAdd(user), await passkeyToAdd(thief)];
    const proof = await askForProof(app, user);
    const answers = await Promise.all([add(proof), thiefs(), thiefs(), thiefs(), thiefs()]);
    expect(answers.map(({ status }) => status).filter((status) => status < 300)).toEqual([201]);
  });

  it('is asked for in a fresh sign-in alone', async () => {
    const user = await signUp(app);
    const asked = await ask(user);
    expect(asked.body).toEqual({ ticket: expect.any(String), expiresIn: 600 });
    await age(app.stores, user.sessionId, 601);
    const { body } = await refresh(app.api, user.refreshToken);
    expect(refusalOf(await ask(body))).toEqual(refused(401, 'auth.fresh_sign_in_required'));
  });
});

async function changeAddress({ accessToken: token }: Session, newEmail: string): Promise<void> {
  await app.api.post('/auth/email-change/request', { newEmail }, { token });
  const proof = { token: tokenIn(await mailTo(app, newEmail, 'email-change')) };
  expect((await app.api.post('/auth/email-change/confirm', proof)).status).toBe(204);
}

it('goes to the former mailbox for as long as a change of address can be undone', async () => {
  const user = await signUp(app);
  // Only what has been proved can be taken back.
  await app.stores.query('UPDATE users SET email_verified = true WHERE id = $1', [user.userId]);
  const [second, third] = [uniqueEmail(), uniqueEmail()];
  await changeAddress(user, second);
  await changeAddress(user, third);
  const thief = await signIn(app.api, third);
  const proof = await askForProof(app, thief, user.email);
  await mailsHaveLeft(app);
  for (const mailbox of [second, third]) {
    const purposes = (await mailsTo(app, mailbox)).map(({ purpose }) => purpose);
    expect(purposes).not.toContain('factor-enrolment');
  }
  const { text } = await mailTo(app, user.email, 'factor-enrolment');
  expect(text).not.toContain(third);
  expect((await (await appToAdd(thief))(proof)).status).toBe(200);
});

it('goes to the mailbox of the account once that cannot be undone any more', async () => {
  const user = await signUp(app);
  await app.stores.query('UPDATE users SET email_verified = true WHERE id = $1', [user.userId]);
  const newEmail = uniqueEmail();
  await changeAddress(user, newEmail);
  await app.stores.query(
    `UPDATE one_time_secrets SET expires_at = clock_timestamp()
     WHERE user_id = $1 AND purpose = 'email-change-undo'`,
    [user.userId],
  );
  await askForProof(app, await signIn(app.api, newEmail));
});

describe('no proof by mail is asked for', () => {
  it('of an account that has a factor, also one of a feature: that one is asked for instead', async () => {
    const user = await signUp(app);
    const first = await addTotp(app, user);
    expect(await needsProof(user)).toBe(false);
    const session = await signInWithTotp(app, first);
    expect((await (await passkeyToAdd(session))()).status).toBe(201);

    const other = await signUp(app);
    expect(await needsProof(other)).toBe(true);
    await giveCodes(app.stores, other.userId, 'test_totp', '111111');
    expect(await needsProof(other)).toBe(false);
  });

  it('where no mail is sent: it enrols as ever, and says so', async () => {
    const env = {
      NODE_ENV: 'production',
      OUTBOX_WORKER: 'off',
      THROTTLING: 'on',
      JWT_ISSUER: 'https://latchkey.test',
      ARGON2_MEMORY_KIB: '19456',
      ARGON2_TIME_COST: '2',
    };
    const silent = await TestApp.start({ stores: app.stores, env });
    const { email } = await signUp(app);
    const user = await signIn(silent.api, email);
    const { accessToken: token } = user;
    const { proofNeeded } = (await silent.api.get('/auth/factors', { token })).body;
    expect(proofNeeded).toBe(false);
    const asked = await silent.api.post('/auth/factors/proof', undefined, { token });
    expect(refusalOf(asked)).toEqual(refused(403, 'mail.off'));
    await addTotp(silent, user);
    await silent.stop();
  });
});
