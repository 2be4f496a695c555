import { Injectable, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  LatchkeyModule,
  layOutMail,
  type MailFacts,
  MailTemplate,
} from '../../../src/latchkey/index.js';
import { PASSWORD, signIn, signUp, uniqueEmail } from '../../builders/accounts.js';
import { eventually } from '../../support/eventually.js';
import { sendRaw } from '../../support/raw-http.js';
import { invalid, refusalOf, refused } from '../../support/refusal.js';
import { startTestApp, TestApp } from '../../support/test-app.js';
import { repeated } from '../../support/test-depth.js';
import { toldApart } from '../../support/told-apart.js';
import { storedEvents } from '../audit/stored-events.js';

const NEXT = 'a crooked mile on a rainy day';
const INVALID = refused(401, 'auth.proof_invalid');
const TRIES = repeated({ quick: 20, full: 60 });

@Injectable()
class RecoveryInFrench extends MailTemplate {
  readonly mail = 'recovery';
  readonly locale = 'fr';

  write({ product, link, code }: MailFacts) {
    const subject = `${product} : nouveau mot de passe`;
    return layOutMail({
      locale: 'fr',
      subject,
      paragraphs: ['<Bonjour>'],
      link: { label: 'Choisir', url: link },
      code: { label: 'Code', code },
      footnotes: [],
    });
  }
}

@Module({ imports: [LatchkeyModule], providers: [RecoveryInFrench] })
class AppModule {}

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({}, { module: AppModule });
});
afterAll(() => app[Symbol.asyncDispose]());

interface DevMail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly purpose: string;
  readonly links: string[];
  readonly code: string | null;
}

async function mailsTo(email: string): Promise<DevMail[]> {
  const { body } = await app.api.get<{ items: DevMail[] }>('/dev/mail');
  return body.items.filter(({ to }) => to === email);
}

const ask = (email: string) => app.api.post('/auth/recovery/request', { email });
const complete = (proof: object, newPassword = NEXT) =>
  app.api.post('/auth/recovery/complete', { ...proof, newPassword });
const login = (email: string, password: string) =>
  app.api.post('/auth/login', { email, password, delivery: 'body' });

/** Asks for a new password, and reads the mail. */
async function asked(email: string) {
  const { status, body } = await ask(email);
  expect([status, body]).toEqual([202, { ticket: expect.any(String), expiresIn: 3_600 }]);
  const mail = await eventually(
    async () => {
      const [newest] = (await mailsTo(email)).filter(({ purpose }) => purpose === 'recovery');
      if (newest === undefined) throw new Error('No mail has come.');
      return newest;
    },
    { within: 2 },
  );
  const token = new URL(mail.links[0] ?? '').hash.slice(1);
  return { link: { token }, code: { ticket: body.ticket as string, code: mail.code ?? '' } };
}

describe('whoever has forgotten their password', () => {
  it('is not held up by a stranger who asks in their name, again and again, and guesses', async () => {
    const user = await signUp(app);
    const { code } = await asked(user.email);
    for (let turn = 0; turn < 5; turn++) {
      const { body } = await ask(user.email);
      for (let tried = 0; tried < 6; tried++) {
        const wrong = { ticket: body.ticket, code: '2222-2222' };
        expect(refusalOf(await complete(wrong))).toEqual(INVALID);
      }
      await app.stores.query(
        `UPDATE one_time_secrets SET created_at = created_at - interval '61 seconds'
         WHERE user_id = $1`,
        [user.userId],
      );
    }
    expect((await complete(code)).status).toBe(204);
  });

  it.each(['link', 'code'] as const)(
    'sets another one by the %s of the mail, once',
    async (kind) => {
      const user = await signUp(app);
      const proofs = await asked(user.email);
      expect((await complete(proofs[kind])).status).toBe(204);
      for (const proof of [proofs.link, proofs.code])
        expect(refusalOf(await complete(proof, PASSWORD))).toEqual(INVALID);
      expect((await login(user.email, PASSWORD)).status).toBe(401);
      expect((await login(user.email, NEXT)).status).toBe(200);
    },
  );

  it('is signed in nowhere then, has a proven mailbox, and is told', async () => {
    const user = await signUp(app);
    const other = await signIn(app.api, user.email);
    const answer = await complete((await asked(user.email)).link);
    expect([answer.status, answer.text, answer.headers.get('set-cookie')]).toEqual([204, '', null]);
    for (const { accessToken: token, refreshToken } of [user, other]) {
      const me = await app.api.get('/auth/me', { token });
      expect(refusalOf(me)).toEqual(refused(401, 'access.token_revoked'));
      expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(401);
    }
    const { body } = await login(user.email, NEXT);
    expect(body.user.emailVerified).toBe(true);
    await eventually(
      async () => {
        const purposes = (await mailsTo(user.email)).map(({ purpose }) => purpose);
        expect(purposes).toEqual(['password-changed', 'recovery']);
      },
      { within: 2 },
    );
    const events = await storedEvents(app.stores, 'user.password_recovered');
    expect(events.filter(({ target_id: id }) => id === user.userId)).toEqual([
      expect.objectContaining({ details: { emailVerified: 'now' }, outcome: 'success' }),
    ]);
  });

  it('may try again when the new password is refused', async () => {
    const { email } = await signUp(app);
    const { link, code } = await asked(email);
    for (const proof of [link, code])
      expect(refusalOf(await complete(proof, 'short'))).toEqual(invalid('newPassword'));
    expect((await complete(code)).status).toBe(204);
  });

  it('gets a password, if the account has none', async () => {
    const { email, userId } = await signUp(app);
    await app.stores.query('UPDATE users SET password_hash = NULL WHERE id = $1', [userId]);
    expect((await complete((await asked(email)).link)).status).toBe(204);
    expect((await login(email, NEXT)).status).toBe(200);
  });
});

describe('what the mail holds is worth nothing', () => {
  it.each([
    [
      'the password has been changed',
      'UPDATE users SET password_version = password_version + 1 WHERE id = $1',
    ],
    ['the account has been disabled', `UPDATE users SET status = 'disabled' WHERE id = $1`],
    ['the account has been deleted', 'DELETE FROM users WHERE id = $1'],
  ])('once %s', async (_, change) => {
    const { email, userId } = await signUp(app);
    const { link, code } = await asked(email);
    await app.stores.query(change, [userId]);
    for (const proof of [link, code]) expect(refusalOf(await complete(proof))).toEqual(INVALID);
  });

  it('after five wrong codes, but for the link', async () => {
    const { email } = await signUp(app);
    const { link, code } = await asked(email);
    const wrong = code.code.startsWith('2') ? '3333-3333' : '2222-2222';
    for (let tried = 0; tried < 5; tried++)
      expect(refusalOf(await complete({ ...code, code: wrong }))).toEqual(INVALID);
    expect(refusalOf(await complete(code))).toEqual(INVALID);
    expect((await login(email, PASSWORD)).status).toBe(200);
    expect((await complete(link)).status).toBe(204);
  });

  it('to a page of another site', async () => {
    const { email } = await signUp(app);
    const { link } = await asked(email);
    const headers = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
    const crossSite = refused(403, 'auth.cross_site');
    const body = { ...link, newPassword: NEXT };
    const completed = await app.api.post('/auth/recovery/complete', body, { headers });
    expect(refusalOf(completed)).toEqual(crossSite);
    const requested = await app.api.post('/auth/recovery/request', { email }, { headers });
    expect(refusalOf(requested)).toEqual(crossSite);
    expect((await complete(link)).status).toBe(204);
  });

  it('without all its parts, which are named', async () => {
    expect(refusalOf(await complete({}))).toEqual(invalid('token'));
    expect(refusalOf(await complete({ ticket: 'x' }))).toEqual(invalid('code'));
    expect(refusalOf(await complete({ code: 'x' }))).toEqual(invalid('ticket'));
  });
});

it('known, unknown and disabled addresses are answered alike, and only an active account gets a mail', async () => {
  const known = await signUp(app);
  const disabled = await signUp(app);
  await app.stores.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [disabled.userId]);
  const unknown = uniqueEmail();
  const answers = await Promise.all([known.email, disabled.email, unknown].map(ask));
  for (const { status, body } of answers)
    expect([status, body]).toEqual([
      202,
      { ticket: expect.stringMatching(/^lkt_/), expiresIn: 3_600 },
    ]);
  await eventually(
    async () => {
      const waiting = await app.stores.query(`SELECT FROM outbox WHERE state = 'waiting'`);
      expect(waiting).toEqual([]);
      expect(await mailsTo(known.email)).toHaveLength(1);
    },
    { within: 2 },
  );
  for (const email of [disabled.email, unknown]) expect(await mailsTo(email)).toEqual([]);
});

it('the time tells no known address from an unknown one', async () => {
  const { email } = await signUp(app);
  const stranger = uniqueEmail();
  const { auc } = await toldApart({ known: () => ask(email), unknown: () => ask(stranger) }, TRIES);
  // Three standard errors from what chance alone gives.
  expect(auc).toBeLessThan(0.5 + (3 * 0.41) / Math.sqrt(TRIES));
});

it('is off where it is switched off, and says so', async () => {
  const closed = await TestApp.start({ stores: app.stores, env: { RECOVERY: 'off' } });
  const requested = await closed.api.post('/auth/recovery/request', { email: uniqueEmail() });
  expect(refusalOf(requested)).toEqual(refused(403, 'auth.recovery_off'));
  await closed.stop();
});

it('what would have been sent is a page for browsers, where nothing is sent', async () => {
  const { email } = await signUp(app);
  await asked(email);
  const page = await app.api.get('/dev/mail', { headers: { Accept: 'text/html' } });
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.text).toContain(email);
  expect(page.text).toMatch(/<a href="http:\/\/latchkey\.test\/pages\/recover#lko_/);
});

it.each([
  ['through a proxy', { 'X-Forwarded-For': '203.0.113.7' }],
  ['through another proxy', { 'X-Real-IP': '203.0.113.7' }],
  ['by the name of another site that leads here', { Host: 'attacker.example' }],
])('what would have been sent is not there for a reader who comes %s', async (_, headers) => {
  for (const path of ['/dev/mail', '/dev/mail/any']) {
    expect((await sendRaw(app.origin, `GET ${path}`, headers)).status).toBe(404);
  }
});

it.each([
  ['203.0.113.7', 404],
  ['::ffff:10.0.0.7', 404],
  ['::1', 200],
])(
  'what would have been sent is there for this machine alone: %s gets %i',
  async (remoteAddress, status) => {
    const server = app.nest.getHttpAdapter().getInstance();
    const headers = { host: 'localhost' };
    const answer = await server.inject({ path: '/dev/mail', remoteAddress, headers });
    expect(answer.statusCode).toBe(status);
  },
);

it('a team’s own words take the place of one mail in one language', async () => {
  const { email } = await signUp(app);
  const headers = { 'Accept-Language': 'fr-CA' };
  await app.api.post('/auth/recovery/request', { email }, { headers });
  const [mail] = await eventually(
    async () => {
      const mails = await mailsTo(email);
      expect(mails).toHaveLength(1);
      return mails;
    },
    { within: 2 },
  );
  expect(mail?.subject).toBe('Latchkey : nouveau mot de passe');
  expect(mail?.html).toContain('<p>&lt;Bonjour&gt;</p>');
});

it('the owner is told by mail when the password has been changed from a session', async () => {
  const { email, accessToken: token } = await signUp(app);
  const body = { currentPassword: PASSWORD, newPassword: NEXT, delivery: 'body' };
  expect((await app.api.post('/auth/password/change', body, { token })).status).toBe(200);
  await eventually(
    async () => {
      const purposes = (await mailsTo(email)).map(({ purpose }) => purpose);
      expect(purposes).toEqual(['password-changed']);
    },
    { within: 2 },
  );
});
