import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import {
  createRole,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
} from '../builders/accounts.js';
import { runCommandLine } from '../support/command-line.js';
import { eventually } from '../support/eventually.js';
import { refusalOf, refused } from '../support/refusal.js';
import { CHEAP_ENOUGH_FOR_TESTS } from '../support/test-app.js';
import { startYourApp } from '../support/your-app.js';

describe('notes', () => {
  let app: Awaited<ReturnType<typeof startYourApp>>;
  let admin: SignedIn;
  let writer: SignedIn;
  let reader: SignedIn;
  beforeAll(async () => {
    app = await startYourApp({
      // #region full
      NOTES_MAX_PER_USER: '5',
      // #endregion
    });
    admin = await signUpAdmin(app);
    await createRole(app, admin, 'writer', ['notes:write']);
    writer = await signUpWithRoles(app, admin, ['writer']);
    reader = await signUp(app);
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const write = (token: string | undefined, text = 'Buy milk') =>
    app.api.post('/notes', { text }, { token });
  const read = (id: string, token?: string) => app.api.get(`/notes/${id}`, { token });

  it('are written, read, listed and removed by whoever may', async () => {
    const token = writer.accessToken;
    const { status, body } = await write(token);
    expect(status).toBe(201);
    expect((await read(body.id, token)).body).toEqual(body);
    const { body: page } = await app.api.get('/notes?limit=1', { token });
    expect(page.items).toEqual([body]);
    expect((await app.api.delete(`/notes/${body.id}`, { token })).status).toBe(204);
    expect(refusalOf(await read(body.id, token))).toEqual(refused(404, 'notes.not_found'));
  });

  it('are nobody else’s to read or remove, and nobody writes without the permission', async () => {
    const { body } = await write(writer.accessToken);
    const token = reader.accessToken;
    expect(refusalOf(await read(body.id, token))).toEqual(refused(404, 'notes.not_found'));
    expect(refusalOf(await read(body.id))).toEqual(refused(401, 'access.unauthenticated'));
    expect(refusalOf(await write(token))).toEqual(refused(403, 'access.forbidden'));
    const removed = await app.api.delete(`/notes/${body.id}`, { token: admin.accessToken });
    expect(refusalOf(removed)).toEqual(refused(404, 'notes.not_found'));
  });

  // #region full
  it('are counted for anybody', async () => {
    expect((await app.api.get('/notes/count')).body.count).toBeGreaterThan(0);
  });

  it('are as many as one may keep, however many are written at once', async () => {
    const user = await signUpWithRoles(app, admin, ['writer']);
    const answers = await Promise.all(Array.from({ length: 8 }, () => write(user.accessToken)));
    const statuses = answers.map(({ status }) => status).sort();
    // Everybody starts with one.
    expect(statuses).toEqual([201, 201, 201, 201, 409, 409, 409, 409]);
  });

  it('say in the access token how many one may keep', () => {
    expect(decodeJwt(reader.accessToken).note_limit).toBe(5);
  });
  // #endregion

  it('are on record', async () => {
    const { body } = await write(writer.accessToken);
    const events = await app.api.get('/admin/audit-events?action=note.written&limit=1', {
      token: admin.accessToken,
    });
    expect(events.body.items).toMatchObject([
      { actorId: writer.userId, targetType: 'note', targetId: body.id, details: { length: 8 } },
    ]);
  });

  // #region full
  it('begin with one, written once the registration is committed', async () => {
    const user = await signUp(app);
    await eventually(
      async () => {
        const { body } = await app.api.get('/notes', { token: user.accessToken });
        expect(body.items).toMatchObject([{ text: 'Welcome!' }]);
      },
      { within: 2 },
    );
  });
  // #endregion

  it('go with the account', async () => {
    const user = await signUpWithRoles(app, admin, ['writer']);
    const { body } = await write(user.accessToken);
    await app.api.delete(`/admin/users/${user.userId}`, { token: admin.accessToken });
    expect(await app.stores.query('SELECT FROM notes WHERE id = $1', [body.id])).toEqual([]);
  });
  // #region full

  it('are removed when they are old, by the schedule and by the command', async () => {
    const user = await signUpWithRoles(app, admin, ['writer']);
    const age = async (days: number) => {
      const { body } = await write(user.accessToken);
      await app.stores.query(
        `UPDATE notes SET written_at = now() - interval '1 day' * $2 WHERE id = $1`,
        [body.id, days],
      );
      return body.id;
    };
    const env = { ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL: app.stores.databaseUrl };
    const cli = (...args: string[]) =>
      runCommandLine(args, { directory: process.cwd(), env, module: AppModule });
    const ancient = await age(4_000);
    expect(await cli('retention', 'run')).toMatchObject({ exitCode: 0, errors: '' });
    expect((await read(ancient, user.accessToken)).status).toBe(404);
    const old = await age(40);
    expect(await cli('notes', 'purge', '--days', '30')).toEqual({
      exitCode: 0,
      output: '1 notes removed.\n',
      errors: '',
    });
    expect((await read(old, user.accessToken)).status).toBe(404);
  });
  // #endregion
});
