/** Names that could forge a line where they are shown: in a terminal, a log, a list. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type SignedIn, signUpAdmin, uniqueEmail } from '../../../builders/accounts.js';
import { createClient } from '../../../builders/clients.js';
import { invalid, refusalOf } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: SignedIn;
beforeAll(async () => {
  app = await startTestApp();
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const FORGED = [
  'two\nlines',
  'a return\r',
  'a tab\t',
  '\u001b[2Jescape',
  'C1\u009b2K',
  'bell\u0007',
  'DEL\u007f',
  'separator\u2028',
  'turned\u202eround',
  'isolated\u2067',
];
const HONEST = ['Ada Lovelace', 'Łukasz Żółć', 'שלום עולם', 'علی‌رضا', '👩‍👧', 'O’Brien & Söhne'];

describe.each([
  [
    'registering',
    (name: string) =>
      app.api.post('/auth/register', { email: uniqueEmail(), password: PASSWORD, name }),
  ],
  [
    'changing one’s profile',
    (name: string) => app.api.patch('/users/me', { name }, { token: admin.accessToken }),
  ],
  [
    'making a client',
    (name: string) =>
      app.api.post('/admin/clients', { name, roles: [] }, { token: admin.accessToken }),
  ],
  [
    'renaming a client',
    async (name: string) => {
      const { id } = await createClient(app.api, admin);
      return app.api.patch(`/admin/clients/${id}`, { name }, { token: admin.accessToken });
    },
  ],
])('%s', (_, send) => {
  it.each(FORGED)('refuses the name %j', async (name) => {
    expect(refusalOf(await send(name))).toEqual(invalid('name'));
  });

  it('takes names of every script', async () => {
    for (const name of HONEST) expect((await send(name)).status).toBeLessThan(300);
  });
});
