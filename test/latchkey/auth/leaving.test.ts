import { Injectable, Module } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EraseUser, ExportUser, LatchkeyModule } from '../../../src/latchkey/index.js';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  signUpAdmin,
  uniqueEmail,
} from '../../builders/accounts.js';
import { mailsHaveLeft, mailsTo, mailTo } from '../../support/dev-mails.js';
import { eventually } from '../../support/eventually.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import { storedEvents } from '../audit/stored-events.js';

/** What a feature holds elsewhere. */
const files = new Map<string, string>();
const failing = new Set<string>();
const tried: string[] = [];

@Injectable()
class ExportFiles extends ExportUser {
  readonly name = 'files';

  async *export(userId: string) {
    const file = files.get(userId);
    if (file !== undefined) yield { file };
  }
}

@Injectable()
class EraseFiles extends EraseUser {
  async erase(userId: string) {
    tried.push(userId);
    if (failing.delete(userId)) throw new Error('The store of files is away.');
    files.delete(userId);
  }
}

@Module({ imports: [LatchkeyModule], providers: [ExportFiles, EraseFiles] })
class AppModule {}

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp({ MAIL_PER_HOUR: '1000' }, { module: AppModule });
});
afterAll(() => app[Symbol.asyncDispose]());

const exportOf = ({ accessToken: token }: SignedIn) =>
  app.api.get('/auth/account/export', { token });
const leave = ({ accessToken: token }: SignedIn) =>
  app.api.post('/auth/account/delete', undefined, { token });

describe('an owner who leaves', () => {
  it('is refused everywhere at once, and the address is free again', async () => {
    const user = await signUp(app);
    const other = await signIn(app.api, user.email);
    const answer = await leave(user);
    expect([answer.status, answer.text]).toEqual([204, '']);
    for (const { accessToken: token, refreshToken } of [user, other]) {
      const me = await app.api.get('/auth/me', { token });
      expect(refusalOf(me)).toEqual(refused(401, 'access.token_revoked'));
      expect((await app.api.post('/auth/refresh', { refreshToken })).status).toBe(401);
    }
    const { email } = user;
    const login = await app.api.post('/auth/login', { email, password: PASSWORD });
    expect(refusalOf(login)).toEqual(refused(401, 'auth.invalid_credentials'));
    expect((await app.api.post('/auth/register', { email, password: PASSWORD })).status).toBe(201);
  });

  it('is told by mail, in their language, at the address that they had', async () => {
    const user = await signUp(app);
    await app.api.patch('/users/me', { locale: 'de', name: 'Ada' }, { token: user.accessToken });
    await app.stores.query('UPDATE users SET email_verified = true WHERE id = $1', [user.userId]);
    await leave(user);
    const mail = await mailTo(app, user.email, 'account-deleted');
    expect(mail.text).toContain('Guten Tag Ada,');
    expect(mail.links).toEqual([]);
  });

  it('alone among fifty requests at once leaves, and none of them fails', async () => {
    const user = await signUp(app);
    const answers = await Promise.all(Array.from({ length: 50 }, () => leave(user)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
    expect(answers.every(({ status }) => status < 500)).toBe(true);
    await mailsHaveLeft(app);
    expect(await mailsTo(app, user.email)).toHaveLength(1);
  });

  it('cannot when there is no other active admin', async () => {
    const admin = await signUpAdmin(app);
    expect(refusalOf(await leave(admin))).toEqual(refused(409, 'roles.last_admin'));
    expect((await app.api.get('/auth/me', { token: admin.accessToken })).status).toBe(200);
    const second = await signUpAdmin(app);
    expect((await leave(second)).status).toBe(204);
  });

  it('is also forgotten by features, which are asked until they have', async () => {
    const user = await signUp(app);
    files.set(user.userId, 'a file');
    failing.add(user.userId);
    await leave(user);
    await eventually(() => expect(tried).toContain(user.userId), { within: 5 });
    expect(files.has(user.userId)).toBe(true);
    const [message] = await app.stores.query<{ forever: boolean }>(
      `SELECT gives_up_at = 'infinity' AS forever FROM outbox WHERE kind = 'erase-user'
         AND payload ->> 'userId' = $1`,
      [user.userId],
    );
    expect(message?.forever).toBe(true);
    await app.stores.query(
      `WITH due AS (UPDATE outbox SET due_at = clock_timestamp() WHERE kind = 'erase-user')
       SELECT pg_notify('latchkey_outbox', '')`,
    );
    await eventually(() => expect(files.has(user.userId)).toBe(false), { within: 5 });
  });
});

it('an admin who deletes an account does the same to it', async () => {
  const [admin, user] = [await signUpAdmin(app), await signUp(app)];
  files.set(user.userId, 'a file');
  const path = `/admin/users/${user.userId}`;
  expect((await app.api.delete(path, { token: admin.accessToken })).status).toBe(204);
  await mailTo(app, user.email, 'account-deleted');
  await eventually(() => expect(files.has(user.userId)).toBe(false), { within: 5 });
});

describe('an owner who takes their data along', () => {
  it('gets everything of themselves as JSON, and nothing of a secret or of others', async () => {
    const [user, other] = [await signUp(app), await signUp(app)];
    files.set(user.userId, 'a file');
    await app.api.patch('/users/me', { name: 'Ada' }, { token: user.accessToken });
    const newEmail = uniqueEmail();
    const request = { token: user.accessToken };
    await app.api.post('/auth/email-change/request', { newEmail }, request);
    const { status, headers, body, text } = await exportOf(user);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({
      account: { id: user.userId, email: user.email, name: 'Ada', hasPassword: true },
      sessions: [{ id: user.sessionId, createdIp: '127.0.0.1', createdUserAgent: 'node' }],
      oneTimeSecrets: [{ purpose: 'email-change', details: { newEmail } }],
      files: [{ file: 'a file' }],
    });
    const actions = body.auditEvents.map(({ action }: { action: string }) => action);
    expect(actions).toEqual(
      expect.arrayContaining(['user.registered', 'session.started', 'user.profile_changed']),
    );
    expect(text).not.toMatch(/argon2|lko_|lkt_|family|"key"/i);
    expect(text).not.toContain(other.userId);
    expect(text).not.toContain(other.email);
  });

  it('learns what was done to the account, and not by whom', async () => {
    const [admin, user] = [await signUpAdmin(app), await signUp(app)];
    const disable = { status: 'disabled', reason: 'a complaint by grace@example.com' };
    const request = { token: admin.accessToken };
    await app.api.patch(`/admin/users/${user.userId}`, disable, request);
    await app.api.patch(`/admin/users/${user.userId}`, { status: 'active' }, request);
    const { body, text } = await exportOf(await signIn(app.api, user.email));
    const events: { action: string; reason?: string }[] = body.auditEvents;
    expect(events.find(({ action }) => action === 'user.disabled')?.reason).toBe(
      'a complaint by [address]',
    );
    expect(text).not.toContain(admin.userId);
  });
});

it('the audit trail names no mailbox, whatever is written into it', async () => {
  const admin = await signUpAdmin(app);
  const user = await signUp(app);
  const body = { status: 'disabled', reason: `${user.email} <${user.email}>, wrote grace@a.b` };
  await app.api.patch(`/admin/users/${user.userId}`, body, { token: admin.accessToken });
  const events = await storedEvents(app.stores);
  expect(events.length).toBeGreaterThan(3);
  expect(events.filter((event) => JSON.stringify(event).includes('@'))).toEqual([]);
});

it.each(['GET /auth/account/export', 'POST /auth/account/delete'])(
  '%s is nothing to a caller who is not signed in',
  async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const answer = await app.api.send<Record<string, unknown>>(method, path, undefined);
    expect(refusalOf(answer)).toEqual(refused(401, 'access.unauthenticated'));
  },
);
