import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SignedIn, signIn, signUp, uniqueEmail } from '../../builders/accounts.js';
import { mailsHaveLeft, mailTo, tokenIn } from '../../support/dev-mails.js';
import { startTestApp } from '../../support/test-app.js';

/** A row of docs/personal-data.md. */
interface Entry {
  readonly column: string;
  readonly holds: string;
  readonly exported: string;
  readonly deletion: string;
}

let app: Awaited<ReturnType<typeof startTestApp>>;
let inventory: Entry[];
beforeAll(async () => {
  app = await startTestApp({ MAIL_PER_HOUR: '1000' });
  const page = await readFile('docs/personal-data.md', 'utf8');
  inventory = [...page.matchAll(/^\| `(\w+\.\w+)` \| (.*?) \| ?(.*?) ?\| ?(.*?) ?\|$/gm)].map(
    ([, column = '', holds = '', exported = '', deletion = '']) => ({
      column,
      holds,
      exported,
      deletion,
    }),
  );
});
afterAll(() => app[Symbol.asyncDispose]());

async function columns(): Promise<string[]> {
  const rows = await app.stores.query<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`,
  );
  return rows.map(({ name }) => name);
}

/** Which columns hold a text that can be read. */
async function columnsWith(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const column of await columns()) {
    const [table, name] = column.split('.');
    const rows = await app.stores.query(
      `SELECT FROM "${table}" WHERE "${name}"::text LIKE '%' || $1 || '%' LIMIT 1`,
      [text],
    );
    if (rows.length > 0) found.push(column);
  }
  return found;
}

it('every column of the schema is in docs/personal-data.md, and nothing else is', async () => {
  expect(inventory.map(({ column }) => column).sort()).toEqual((await columns()).sort());
});

it('each that holds something of a person says where it is exported and what becomes of it, or why not', () => {
  const personal = inventory.filter(({ holds }) => !holds.startsWith('nothing: '));
  expect(personal.length).toBeGreaterThan(40);
  expect(personal.filter(({ exported, deletion }) => exported === '' || deletion === '')).toEqual(
    [],
  );
});

it('what refers to an account goes with it, or lets it go', async () => {
  const holding = await app.stores.query(
    `SELECT conname FROM pg_constraint
     WHERE confrelid = 'users'::regclass AND contype = 'f' AND confdeltype NOT IN ('c', 'n')`,
  );
  expect(holding).toEqual([]);
});

it('a person is in the columns that say so, in the export, and nowhere once they have left', async () => {
  const mark = uniqueEmail().slice(5, 17);
  const [email, second] = [`first-${mark}@example.com`, `second-${mark}@example.com`];
  await signUp(app, email);
  await app.stores.query('UPDATE users SET email_verified = true WHERE email = $1', [email]);
  const headers = { 'User-Agent': `software-${mark}` };
  const login = { email, password: 'correct horse battery staple', delivery: 'body' };
  const { body } = await app.api.post('/auth/login', login, { headers });
  const user: SignedIn = { ...(await signIn(app.api, email)), accessToken: body.accessToken };
  const request = { token: user.accessToken };
  await app.api.patch('/users/me', { name: `name-${mark}` }, request);
  await app.api.post('/auth/email-change/request', { newEmail: second }, request);
  const token = tokenIn(await mailTo(app, second, 'email-change'));
  expect((await app.api.post('/auth/email-change/confirm', { token })).status).toBe(204);
  await mailTo(app, email, 'email-changed');
  await mailsHaveLeft(app);

  const declared = new Map(inventory.map((entry) => [entry.column, entry]));
  const holding = await columnsWith(mark);
  expect(holding).toEqual(
    expect.arrayContaining(['users.email', 'users.name', 'sessions.last_user_agent']),
  );
  for (const column of holding) expect(declared.get(column)?.holds).not.toMatch(/^nothing/);
  const { text } = await app.api.get('/auth/account/export', request);
  for (const part of ['first', 'second', 'name', 'software'])
    expect(text).toContain(`${part}-${mark}`);

  expect((await app.api.post('/auth/account/delete', undefined, request)).status).toBe(204);
  await mailTo(app, second, 'account-deleted');
  await mailsHaveLeft(app);
  for (const part of ['first', 'second', 'name'])
    expect(await columnsWith(`${part}-${mark}`)).toEqual([]);
  const left = await columnsWith(mark);
  expect(left).toEqual(['audit_events.user_agent']);
  for (const column of left) expect(declared.get(column)?.deletion).toMatch(/^stays|^goes/);
  for (const column of await columnsWith(user.userId))
    expect(declared.get(column)?.deletion).not.toBe('removed');
});
