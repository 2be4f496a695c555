import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signIn, signUp, uniqueEmail } from '../../builders/accounts.js';
import { addTotp, signInWithTotp, signUpWithTotp } from '../../builders/totp-accounts.js';
import { mailsHaveLeft, mailsTo, mailTo, tokenIn } from '../../support/dev-mails.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { startTestApp, TestApp } from '../../support/test-app.js';
import { repeated } from '../../support/test-depth.js';
import { toldApart } from '../../support/told-apart.js';
import { storedEvents } from '../audit/stored-events.js';

const NEXT = 'a crooked mile on a rainy day';
const INVALID = refused(401, 'auth.proof_invalid');
const TRIES = repeated({ quick: 20, full: 60 });
const ROUNDS = repeated({ quick: 2, full: 5 });

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({ MAIL_PER_HOUR: '1000' });
});
afterAll(() => app[Symbol.asyncDispose]());

const ask = ({ accessToken: token }: SignedIn, newEmail: string) =>
  app.api.post('/auth/email-change/request', { newEmail }, { token });
const confirm = (proof: object) => app.api.post('/auth/email-change/confirm', proof);
const undo = (token: string) => app.api.post('/auth/email-change/undo', { token });
const register = (email: string) => app.api.post('/auth/register', { email, password: PASSWORD });
const addressOf = async ({ userId }: SignedIn) => {
  const [row] = await app.stores.query<{ email: string; email_verified: boolean }>(
    'SELECT email, email_verified FROM users WHERE id = $1',
    [userId],
  );
  return row?.email;
};

/** An account whose mailbox is its owner's for certain. */
async function proved<User extends SignedIn>(user: User): Promise<User> {
  await app.stores.query('UPDATE users SET email_verified = true WHERE id = $1', [user.userId]);
  return user;
}

/** Asks for the address, and reads the mail to it. */
async function asked(user: SignedIn, newEmail: string) {
  const { status, body } = await ask(user, newEmail);
  expect([status, body]).toEqual([
    202,
    { ticket: expect.stringMatching(/^lkt_/), expiresIn: 3_600 },
  ]);
  const mail = await mailTo(app, newEmail, 'email-change');
  return {
    link: { token: tokenIn(mail) },
    code: { ticket: body.ticket as string, code: mail.code ?? '' },
  };
}

/** Changes the address; returns what the former mailbox gets. */
async function changed(user: SignedIn, newEmail: string): Promise<string> {
  const former = String(await addressOf(user));
  const { link } = await asked(user, newEmail);
  expect((await confirm(link)).status).toBe(204);
  return tokenIn(await mailTo(app, former, 'email-changed'));
}

describe('an owner who wants another address', () => {
  it.each(['link', 'code'] as const)(
    'gets it once the new mailbox has shown its %s, once',
    async (kind) => {
      const user = await proved(await signUp(app));
      const newEmail = uniqueEmail();
      const proofs = await asked(user, newEmail);
      expect(await addressOf(user)).toBe(user.email);
      expect((await confirm(proofs[kind])).status).toBe(204);
      for (const proof of [proofs.link, proofs.code])
        expect(refusalOf(await confirm(proof))).toEqual(INVALID);
      const { body } = await app.api.get('/users/me', { token: user.accessToken });
      expect(body).toMatchObject({ email: newEmail, emailVerified: true });
      expect((await signIn(app.api, newEmail)).userId).toBe(user.userId);
      const { email } = user;
      const former = { email, password: PASSWORD, delivery: 'body' };
      expect((await app.api.post('/auth/login', former)).status).toBe(401);
    },
  );

  it('is put on record without either address', async () => {
    const user = await proved(await signUp(app));
    await undo(await changed(user, uniqueEmail()));
    for (const action of ['user.email_changed', 'user.email_change_undone']) {
      const events = await storedEvents(app.stores, action);
      const [event] = events.filter(({ target_id: id }) => id === user.userId);
      expect(event).toMatchObject({ outcome: 'success', details: {} });
      expect(JSON.stringify(event)).not.toContain('@');
    }
  });

  it('may spell their own another way', async () => {
    const user = await proved(await signUp(app));
    const { link } = await asked(user, user.email.toUpperCase());
    expect((await confirm(link)).status).toBe(204);
    expect(await addressOf(user)).toBe(user.email.toUpperCase());
  });

  it.each(['ada', 'ada@localhost', '"a b"@example.com', 7])('does not get %j', async (newEmail) => {
    const user = await proved(await signUp(app));
    expect(refusalOf(await ask(user, newEmail as string))).toEqual(invalid('newEmail'));
  });
});

describe('the former mailbox', () => {
  it('takes its address back: every session ends, the password is gone, and recovery begins there', async () => {
    const user = await proved(await signUp(app));
    const thief = await signIn(app.api, user.email);
    const stolen = uniqueEmail();
    const token = await changed(thief, stolen);
    const answer = await undo(token);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(await addressOf(user)).toBe(user.email);
    for (const { accessToken } of [user, thief])
      expect((await app.api.get('/auth/me', { token: accessToken })).status).toBe(401);
    for (const email of [user.email, stolen]) {
      const login = await app.api.post('/auth/login', { email, password: PASSWORD });
      expect(login.status).toBe(401);
    }
    const proof = { token: tokenIn(await mailTo(app, user.email, 'recovery')) };
    const recovered = { ...proof, newPassword: NEXT };
    expect((await app.api.post('/auth/recovery/complete', recovered)).status).toBe(204);
    expect((await signIn(app.api, user.email, NEXT)).userId).toBe(user.userId);
    expect((await mailTo(app, stolen, 'email-restored')).links).toEqual([]);
    expect(refusalOf(await undo(token))).toEqual(INVALID);
  });

  it('has the last word whatever else a thief changes: the address again, the password', async () => {
    const user = await proved(await signUp(app));
    const [second, third] = [uniqueEmail(), uniqueEmail()];
    const first = await changed(user, second);
    const later = await changed(user, third);
    const change = { currentPassword: PASSWORD, newPassword: NEXT, delivery: 'body' };
    const { accessToken: token } = user;
    expect((await app.api.post('/auth/password/change', change, { token })).status).toBe(200);
    expect((await undo(first)).status).toBe(204);
    expect(await addressOf(user)).toBe(user.email);
    expect(refusalOf(await undo(later))).toEqual(INVALID);
    expect(await addressOf(user)).toBe(user.email);
  });

  it('takes back also what a thief has added to sign in by, and leaves what the owner had', async () => {
    const user = await proved(await signUpWithTotp(app));
    const raised = await signInWithTotp(app, user);
    const token = await changed(raised, uniqueEmail());
    const [had] = await app.stores.query<{ id: string }>(
      `SELECT id FROM factors WHERE user_id = $1 AND kind = 'totp'`,
      [user.userId],
    );
    await addTotp(app, raised);
    expect((await undo(token)).status).toBe(204);
    const left = await app.stores.query<{ id: string }>(
      `SELECT id FROM factors WHERE user_id = $1 AND kind = 'totp'`,
      [user.userId],
    );
    expect(left).toEqual([had]);
  });

  it('may still undo the first of two changes when the second has been undone', async () => {
    const user = await proved(await signUp(app));
    const second = uniqueEmail();
    const first = await changed(user, second);
    const later = await changed(user, uniqueEmail());
    expect((await undo(later)).status).toBe(204);
    expect(await addressOf(user)).toBe(second);
    expect((await undo(first)).status).toBe(204);
    expect(await addressOf(user)).toBe(user.email);
  });

  it('keeps its address from everybody else for as long', async () => {
    const user = await proved(await signUp(app));
    const token = await changed(user, uniqueEmail());
    expect(refusalOf(await register(user.email.toUpperCase()))).toEqual(
      refused(409, 'users.email_taken'),
    );
    const thief = await proved(await signUp(app));
    expect((await ask(thief, user.email)).status).toBe(202);
    await mailsHaveLeft(app);
    const mails = await mailsTo(app, user.email);
    expect(mails.map(({ purpose }) => purpose)).toEqual(['address-reserved', 'email-changed']);
    expect((await undo(token)).status).toBe(204);
  });

  it('loses it when the seven days are over', async () => {
    const user = await proved(await signUp(app));
    const token = await changed(user, uniqueEmail());
    const past = `clock_timestamp() - interval '1 second'`;
    await app.stores.query(`UPDATE former_addresses SET reserved_until = ${past}`);
    await app.stores.query(
      `UPDATE one_time_secrets SET expires_at = ${past} WHERE purpose = 'email-change-undo'`,
    );
    expect(refusalOf(await undo(token))).toEqual(INVALID);
    expect((await register(user.email)).status).toBe(201);
  });

  it('is told of whoever registers or wants it meanwhile, as the owner of a taken one is', async () => {
    const required = await TestApp.start({
      stores: app.stores,
      env: { EMAIL_VERIFICATION: 'required', OUTBOX_WORKER: 'off' },
    });
    const user = await proved(await signUp(app));
    await changed(user, uniqueEmail());
    const body = { email: user.email, password: PASSWORD };
    const registered = await required.api.post('/auth/register', body);
    await required.stop();
    expect([registered.status, registered.body]).toEqual([202, {}]);
    await mailTo(app, user.email, 'address-reserved');
    expect((await ask(await signUp(app), user.email)).status).toBe(202);
    await mailsHaveLeft(app);
    const told = (await mailsTo(app, user.email)).filter(
      ({ purpose }) => purpose === 'address-reserved',
    );
    expect(told).toHaveLength(2);
    for (const { text, links } of told) {
      expect(links).toEqual([]);
      expect(text).toContain(`account ${user.email}`);
    }
  });

  it('that was never proved is told, by no name, but gets no account by it', async () => {
    const user = await signUp(app);
    const { accessToken: token } = user;
    await app.api.patch('/users/me', { name: 'Ada' }, { token });
    const { link } = await asked(user, uniqueEmail());
    expect((await confirm(link)).status).toBe(204);
    const told = await mailTo(app, user.email, 'email-changed');
    expect([told.links, told.text.slice(0, 6)]).toEqual([[], 'Hello,']);
    const undoable = await app.stores.query(
      `SELECT FROM one_time_secrets WHERE purpose = 'email-change-undo' AND user_id = $1`,
      [user.userId],
    );
    expect(undoable).toEqual([]);
    expect((await register(user.email)).status).toBe(201);
  });
});

describe('what the mails hold is worth nothing', () => {
  it.each([
    ['disabled', `UPDATE users SET status = 'disabled' WHERE id = $1`],
    ['deleted', 'DELETE FROM users WHERE id = $1'],
  ])('once the account is %s', async (_, change) => {
    const user = await proved(await signUp(app));
    const undoToken = await changed(user, uniqueEmail());
    const { link, code } = await asked(user, uniqueEmail());
    await app.stores.query(change, [user.userId]);
    for (const proof of [link, code]) expect(refusalOf(await confirm(proof))).toEqual(INVALID);
    expect(refusalOf(await undo(undoToken))).toEqual(INVALID);
  });

  it('once the session that asked has ended', async () => {
    const user = await proved(await signUp(app));
    const { link } = await asked(user, uniqueEmail());
    await app.api.post('/auth/logout', undefined, { token: user.accessToken });
    expect(refusalOf(await confirm(link))).toEqual(INVALID);
  });

  it('to a page of another site', async () => {
    const user = await proved(await signUp(app));
    const { link } = await asked(user, uniqueEmail());
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    for (const path of ['confirm', 'undo']) {
      const answer = await app.api.post(`/auth/email-change/${path}`, link, { headers });
      expect(refusalOf(answer)).toEqual(refused(403, 'auth.cross_site'));
    }
    expect((await confirm(link)).status).toBe(204);
  });

  it.each(['GET', 'HEAD'])('to a scanner that sends %s', async (method) => {
    const user = await proved(await signUp(app));
    const { link } = await asked(user, uniqueEmail());
    for (const path of ['/auth/email-change/confirm', '/auth/email-change/undo', '/pages/x'])
      await app.api.send(method, `${path}?token=${link.token}`, undefined);
    expect((await confirm(link)).status).toBe(204);
  });

  it('that is sent to a stranger says nothing but which account asks', async () => {
    const user = await proved(await signUp(app));
    await app.api.patch('/users/me', { name: 'Buy here' }, { token: user.accessToken });
    const newEmail = uniqueEmail();
    await asked(user, newEmail);
    expect((await mailTo(app, newEmail, 'email-change')).text).not.toContain('Buy here');
  });
});

describe('of two accounts that want one address', () => {
  it('one gets it when both confirm at once, and the other is told nothing of it', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const users = [await proved(await signUp(app)), await proved(await signUp(app))] as const;
      const newEmail = uniqueEmail();
      const first = await asked(users[0], newEmail);
      await app.stores.query(`DELETE FROM outbox WHERE state <> 'waiting'`);
      await ask(users[1], newEmail);
      await mailsHaveLeft(app);
      const [mail] = await mailsTo(app, newEmail);
      const second = { token: mail === undefined ? '' : tokenIn(mail) };
      const answers = await Promise.all([confirm(first.link), confirm(second)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([204, 401]);
      const addresses = await Promise.all(users.map(addressOf));
      expect(addresses.filter((email) => email === newEmail)).toHaveLength(1);
    }
  });

  it('the owner is told by mail, and nobody else', async () => {
    const [owner, other] = [await proved(await signUp(app)), await proved(await signUp(app))];
    const answer = await ask(other, owner.email.toUpperCase());
    expect([answer.status, answer.body]).toEqual([
      202,
      { ticket: expect.stringMatching(/^lkt_/), expiresIn: 3_600 },
    ]);
    const mail = await mailTo(app, owner.email, 'email-taken');
    expect([mail.links, mail.code]).toEqual([[], null]);
    expect(mail.text).not.toContain(other.email);
    expect(await addressOf(owner)).toBe(owner.email);
  });

  it('neither registration nor confirmation wins twice when they meet', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const user = await proved(await signUp(app));
      const newEmail = uniqueEmail();
      const { link } = await asked(user, newEmail);
      const answers = await Promise.all([confirm(link), register(newEmail)]);
      const statuses = answers.map(({ status }) => status);
      expect([
        [204, 409],
        [401, 201],
      ]).toContainEqual(statuses);
    }
  });

  it('the one that was left is not taken by a registration at that moment', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const user = await proved(await signUp(app));
      const { link } = await asked(user, uniqueEmail());
      const [done, registered] = await Promise.all([confirm(link), register(user.email)]);
      expect([done.status, registered.status]).toEqual([204, 409]);
    }
  });
});

it('undoing by fifty requests at once, and changing meanwhile, ends with the first address', async () => {
  const user = await proved(await signUp(app));
  const token = await changed(user, uniqueEmail());
  const { link } = await asked(user, uniqueEmail());
  const answers = await Promise.all([
    ...Array.from({ length: 50 }, () => undo(token)),
    confirm(link),
  ]);
  expect(answers.slice(0, 50).filter(({ status }) => status === 204)).toHaveLength(1);
  expect(answers.every(({ status }) => status < 500)).toBe(true);
  expect(await addressOf(user)).toBe(user.email);
});

it('the time tells no taken address from a free one', async () => {
  const [owner, user] = [await proved(await signUp(app)), await proved(await signUp(app))];
  const free = uniqueEmail();
  const kinds = { taken: () => ask(user, owner.email), free: () => ask(user, free) };
  const { auc } = await toldApart(kinds, TRIES);
  // Three standard errors from what chance alone gives.
  expect(auc).toBeLessThan(0.5 + (3 * 0.41) / Math.sqrt(TRIES));
});

it('neither the database nor the outbox holds what the mails hold', async () => {
  const user = await proved(await signUp(app));
  const newEmail = uniqueEmail();
  const { link, code } = await asked(user, newEmail);
  await confirm(link);
  const undoToken = tokenIn(await mailTo(app, user.email, 'email-changed'));
  await mailsHaveLeft(app);
  const rows = await app.stores.query<{ row: string }>(
    `SELECT s::text AS row FROM one_time_secrets s UNION ALL SELECT o::text FROM outbox o
     UNION ALL SELECT e::text FROM audit_events e`,
  );
  const stored = rows.map(({ row }) => row).join('\n');
  for (const secret of [link.token, code.code, code.ticket, undoToken])
    expect(stored).not.toContain(secret);
  const outbox = await app.stores.query<{ row: string }>('SELECT o::text AS row FROM outbox o');
  expect(outbox.map(({ row }) => row).join('\n')).not.toContain('@example.com');
});
