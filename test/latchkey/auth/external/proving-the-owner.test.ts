import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PASSWORD, signIn, signUp, uniqueEmail } from '../../../builders/accounts.js';
import { ExternalVisitor, settingsOf, uniqueSubject } from '../../../builders/external-sign-in.js';
import { refresh } from '../../../builders/sessions.js';
import { showFactors } from '../../../builders/shown-factors.js';
import { mailsHaveLeft, mailsTo, mailTo, tokenIn } from '../../../support/dev-mails.js';
import { OpenIdProvider } from '../../../support/openid-provider.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

const INVALID = refused(401, 'auth.proof_invalid');

let provider: OpenIdProvider;
let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  provider = await OpenIdProvider.start();
  app = await startTestApp({ ...settingsOf(provider), MAIL_PER_HOUR: '1000' });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await provider.stop();
});

let email: string;
let userId: string;
beforeEach(async () => {
  ({ email, userId } = await signUp(app));
  await app.stores.query('UPDATE users SET email_verified = true WHERE id = $1', [userId]);
});

/** Somebody comes through the provider, who names the address of an account. */
async function named(visitor = new ExternalVisitor(app)) {
  const sub = uniqueSubject();
  provider.person = { sub, email: email.toUpperCase(), email_verified: true };
  const { fragment } = await visitor.signIn();
  expect(fragment).toEqual({
    error: 'auth.external_proof_required',
    provider: 'acme',
    ticket: expect.stringMatching(/^lkt_/),
    methods: 'mail,sign_in',
    expiresIn: '600',
  });
  return { visitor, sub, ticket: fragment.ticket ?? '' };
}

const owners = (sub: string) =>
  app.stores.query<{ user_id: string }>('SELECT user_id FROM identities WHERE subject = $1', [sub]);

/** By which the browser is known from then on, as one of another owner's. */
async function getsCookie(owner: ExternalVisitor): Promise<void> {
  const { accessToken } = await signIn(app.api, email);
  const answer = await owner.post('/auth/external/acme/link', undefined, accessToken);
  expect(answer.status).toBe(201);
}

async function expectLinked(sub: string): Promise<void> {
  expect(await owners(sub)).toEqual([{ user_id: userId }]);
  provider.person = { sub, email: uniqueEmail(), email_verified: true };
  const again = new ExternalVisitor(app);
  expect((await again.signIn()).fragment).toEqual({});
  const { body } = await app.api.get('/users/me', { token: await again.accessToken() });
  expect(body.id).toBe(userId);
}

describe('by mail, to the address as it is stored', () => {
  it('a code links the identity and signs in, once, and the owner is told', async () => {
    const { visitor, sub, ticket } = await named();
    const { code } = await mailTo(app, email, 'identity-proof');
    const proved = await visitor.post('/auth/external/prove', { ticket, code });
    expect([proved.status, proved.body.user]).toEqual([
      200,
      expect.objectContaining({ id: userId }),
    ]);
    expect(await visitor.accessToken()).toBeDefined();
    await mailTo(app, email, 'identity-added');
    await expectLinked(sub);
    const again = await visitor.post('/auth/external/prove', { ticket, code });
    expect(refusalOf(again)).toEqual(INVALID);
  });

  it('a link does it, too, in the browser that came back', async () => {
    const { visitor, sub } = await named();
    const token = tokenIn(await mailTo(app, email, 'identity-proof'));
    expect((await visitor.post('/auth/external/prove', { token })).status).toBe(200);
    await expectLinked(sub);
  });

  it('neither is worth anything in another browser: the owner who clicks gives nothing away', async () => {
    const { sub, ticket } = await named();
    const mail = await mailTo(app, email, 'identity-proof');
    const owner = new ExternalVisitor(app);
    for (const begin of [async () => {}, () => getsCookie(owner)]) {
      await begin();
      for (const proof of [
        { token: tokenIn(mail) },
        { token: tokenIn(mail), ticket },
        { ticket, code: mail.code },
      ])
        expect(refusalOf(await owner.post('/auth/external/prove', proof))).toEqual(INVALID);
    }
    expect(await owners(sub)).toEqual([]);
  });

  it('of an account that has a second factor, that is asked for', async () => {
    const { visitor, sub, ticket } = await named();
    await app.stores.query(
      `INSERT INTO factors (id, user_id, kind, encrypted_secret, encrypted_by, confirmed_at)
       VALUES (gen_random_uuid(), $1, 'totp', '\\x00', '\\x00', now())`,
      [userId],
    );
    const { code } = await mailTo(app, email, 'identity-proof');
    const proved = await visitor.post('/auth/external/prove', { ticket, code });
    expect(refusalOf(proved)).toEqual(refused(403, 'auth.second_factor_required'));
    expect(await visitor.accessToken()).toBeUndefined();
    // And on the way in, the challenge is in the fragment.
    provider.person = { sub };
    const { fragment } = await new ExternalVisitor(app).signIn();
    expect(fragment).toEqual({
      error: 'auth.second_factor_required',
      provider: 'acme',
      challenge: expect.stringMatching(/^lko_/),
      methods: 'totp',
      expiresIn: '300',
    });
  });

  it.each([
    ['disabled', `UPDATE users SET status = 'disabled' WHERE id = $1`],
    ['given another password', 'UPDATE users SET password_version = 2 WHERE id = $1'],
    ['given another address', `UPDATE users SET email_key = id::text WHERE id = $1`],
    ['deleted', 'DELETE FROM users WHERE id = $1'],
  ])('it is worth nothing once the account has been %s', async (_, change) => {
    const { visitor, sub, ticket } = await named();
    const { code } = await mailTo(app, email, 'identity-proof');
    await app.stores.query(change, [userId]);
    const proved = await visitor.post('/auth/external/prove', { ticket, code });
    expect(refusalOf(proved)).toEqual(INVALID);
    expect(await owners(sub)).toEqual([]);
  });

  it('of fifty at once one signs in', async () => {
    const { visitor, ticket } = await named();
    const { code } = await mailTo(app, email, 'identity-proof');
    const options = { cookie: visitor.cookie };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        app.api.post('/auth/external/prove', { ticket, code, delivery: 'body' }, options),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  });

  it('an account whose address nobody had proved loses what a stranger gave it', async () => {
    await app.stores.query('UPDATE users SET email_verified = false WHERE id = $1', [userId]);
    await app.stores.query(
      `INSERT INTO identities (id, user_id, issuer, subject, provider)
       VALUES (gen_random_uuid(), $1, 'https://stranger.example', $2, 'acme')`,
      [userId, userId],
    );
    const { visitor, sub, ticket } = await named();
    const { code } = await mailTo(app, email, 'identity-proof');
    expect((await visitor.post('/auth/external/prove', { ticket, code })).status).toBe(200);
    expect(await owners(userId)).toEqual([]);
    const login = await app.api.post('/auth/login', { email, password: PASSWORD });
    expect(refusalOf(login)).toEqual(refused(401, 'auth.invalid_credentials'));
    await expectLinked(sub);
  });

  it('proves the mailbox and links in one: where the identity is another’s by now, nothing changes', async () => {
    await app.stores.query('UPDATE users SET email_verified = false WHERE id = $1', [userId]);
    const { visitor, sub, ticket } = await named();
    const other = await signUp(app);
    await app.stores.query(
      `INSERT INTO identities (id, user_id, issuer, subject, provider)
       VALUES (gen_random_uuid(), $1, $2, $3, 'acme')`,
      [other.userId, provider.issuer, sub],
    );
    const { code } = await mailTo(app, email, 'identity-proof');
    const refusal = await visitor.post('/auth/external/prove', { ticket, code });
    expect(refusalOf(refusal)).toEqual(refused(409, 'identities.taken'));
    const { accessToken: token } = await signIn(app.api, email);
    const { body } = await app.api.get('/users/me', { token });
    expect(body.emailVerified).toBe(false);
    expect(await owners(sub)).toEqual([{ user_id: other.userId }]);
  });
});

describe('by another sign-in', () => {
  const add = async (visitor: ExternalVisitor, ticket: string, as = email) => {
    const { accessToken } = await signIn(app.api, as);
    return visitor.post('/auth/identities', { ticket }, accessToken);
  };

  it('the password of the account links the identity, once', async () => {
    const { visitor, sub, ticket } = await named();
    const added = await add(visitor, ticket);
    expect([added.status, added.body]).toEqual([
      201,
      expect.objectContaining({ provider: 'acme', issuer: provider.issuer, email }),
    ]);
    await expectLinked(sub);
    expect(refusalOf(await add(visitor, ticket))).toEqual(INVALID);
  });

  it('takes a fresh one', async () => {
    const { visitor, sub, ticket } = await named();
    const { sessionId, refreshToken } = await signIn(app.api, email);
    await showFactors(app.stores, sessionId, { password: 3_600 });
    const { body } = await refresh(app.api, refreshToken);
    const answer = await visitor.post('/auth/identities', { ticket }, body.accessToken);
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.fresh_sign_in_required'));
    expect(await owners(sub)).toEqual([]);
  });

  it('somebody else’s account gets nothing by it', async () => {
    const { visitor, sub, ticket } = await named();
    const stranger = await signUp(app);
    expect(refusalOf(await add(visitor, ticket, stranger.email))).toEqual(INVALID);
    expect(await owners(sub)).toEqual([]);
  });

  it('nor does the owner link a stranger’s identity, whose ticket a link has brought them', async () => {
    const { sub, ticket } = await named();
    const owner = new ExternalVisitor(app);
    expect(refusalOf(await add(owner, ticket))).toEqual(INVALID);
    await getsCookie(owner);
    expect(refusalOf(await add(owner, ticket))).toEqual(INVALID);
    expect(await owners(sub)).toEqual([]);
  });
});

it('a disabled account gets no mail, and the answer is the same', async () => {
  await app.stores.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [userId]);
  await named();
  await mailsHaveLeft(app);
  expect((await mailsTo(app, email)).map(({ purpose }) => purpose)).not.toContain('identity-proof');
});
