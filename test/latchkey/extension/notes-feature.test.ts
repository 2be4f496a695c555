import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { ownSources } from '../../../src/latchkey/platform/database/database-location.js';
import {
  createRole,
  type SignedIn,
  signUp,
  signUpAdmin,
  signUpWithRoles,
  uniqueEmail,
} from '../../builders/accounts.js';
import { AppModule } from '../../fixtures/notes-feature/app.module.js';
import { eventually } from '../../support/eventually.js';
import { startTestApp } from '../../support/test-app.js';

const FEATURE = fileURLToPath(new URL('../../fixtures/notes-feature/', import.meta.url));

describe('a team’s own feature', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let admin: SignedIn;
  let writer: SignedIn;
  let reader: SignedIn;

  beforeAll(async () => {
    app = await startTestApp({}, { module: AppModule, sourceRoots: [ownSources, FEATURE] });
    admin = await signUpAdmin(app);
    await createRole(app, admin, 'writer', ['notes:write']);
    writer = await signUpWithRoles(app, admin, ['writer']);
    reader = await signUp(app);
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  const write = (token?: string) => app.api.post('/notes', { text: 'Buy milk' }, { token });

  it('stores through its own entity and migration, for whoever holds its permission', async () => {
    const { status, body } = await write(writer.accessToken);
    expect(status).toBe(201);
    const read = await app.api.get(`/notes/${body.id}`, { token: writer.accessToken });
    expect(read.body).toEqual({ id: body.id, userId: writer.userId, text: 'Buy milk' });
  });

  it('lets an administrator’s wildcard cover its permission', async () => {
    expect((await write(admin.accessToken)).status).toBe(201);
  });

  it('refuses whoever lacks its permission, and whoever is not signed in', async () => {
    expect(await write(reader.accessToken)).toMatchObject({
      status: 403,
      body: { code: 'access.forbidden' },
    });
    expect(await write()).toMatchObject({
      status: 401,
      body: { code: 'access.unauthenticated' },
    });
  });

  it('guards a route that declares nothing, and opens the one that is public', async () => {
    const { body } = await write(writer.accessToken);
    expect((await app.api.get(`/notes/${body.id}`)).status).toBe(401);
    expect((await app.api.get('/notes/count')).body.count).toBeGreaterThan(0);
  });

  it('answers with its own error, which is in the catalogue and in the description', async () => {
    const { body: note } = await write(writer.accessToken);
    const { status, body } = await app.api.get(`/notes/${note.id}`, { token: reader.accessToken });
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'notes.not_found' });
    expect((await app.api.get('/errors')).text).toContain('notes.not_found');
    const { body: description } = await app.api.get('/openapi.json');
    expect(description.paths['/notes/{id}'].get['x-errors']).toContain('notes.not_found');
    expect(description.paths['/notes'].post['x-permissions']).toEqual(['notes:write']);
  });

  it('refuses fields that its own bodies do not know', async () => {
    const note = { text: 'Buy milk', userId: admin.userId };
    const { status, body } = await app.api.post('/notes', note, { token: writer.accessToken });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'request.invalid' });
  });

  it('adds its own claim to every access token', async () => {
    expect(decodeJwt(reader.accessToken).note_limit).toBe(10);
    expect(decodeJwt(admin.accessToken).note_limit).toBe(1_000);
  });

  it('adds its own rule about passwords', async () => {
    const password = 'nine blue lanterns in the rain';
    const { status, body } = await app.api.post('/auth/register', {
      email: uniqueEmail(),
      password,
    });
    expect([status, body.errors]).toEqual([
      400,
      [{ field: 'password', message: 'password must not be known from a breach' }],
    ]);
  });

  it('shows its permission among those that roles can be given', async () => {
    const { body } = await app.api.get('/admin/permissions?limit=100', {
      token: admin.accessToken,
    });
    expect(JSON.stringify(body.items)).toContain('notes:write');
  });

  it('hears of a registration after its commit', async () => {
    const { userId } = await signUp(app);
    await eventually(
      async () => {
        const notes = await app.stores.query('SELECT text FROM notes WHERE user_id = $1', [userId]);
        expect(notes).toEqual([{ text: 'Welcome!' }]);
      },
      { within: 2 },
    );
  });
});
