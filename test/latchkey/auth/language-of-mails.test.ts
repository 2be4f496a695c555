import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, signIn, signUpAdmin, uniqueEmail } from '../../builders/accounts.js';
import { mailTo } from '../../support/dev-mails.js';
import { invalid, refusalOf } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';
import { storedEvents } from '../audit/stored-events.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app[Symbol.asyncDispose]());

const ENGLISH = 'Latchkey: choose a new password';
const GERMAN = 'Latchkey: neues Passwort wählen';

async function register(language?: string) {
  const headers: Record<string, string> = language ? { 'Accept-Language': language } : {};
  const email = uniqueEmail();
  const { body } = await app.api.post('/auth/register', { email, password: PASSWORD }, { headers });
  return { email, locale: body.user.locale };
}

/** Of the mail that somebody asks for whose browser wants another language. */
async function subjectFor(email: string, language: string): Promise<string> {
  const headers = { 'Accept-Language': language };
  await app.api.post('/auth/recovery/request', { email }, { headers });
  return (await mailTo(app, email, 'recovery')).subject;
}

it.each([
  ['de-AT, en;q=0.8', 'de'],
  ['fr, en;q=0.5, de;q=0.7', 'de'],
  ['en-GB', 'en'],
  ['fr-CA, fr;q=0.9', null],
  ['*', null],
  [undefined, null],
])('an account keeps the language in which it was registered: %j is %j', async (header, locale) => {
  expect((await register(header)).locale).toBe(locale);
});

it('mails are written in the language of the account, whatever the browser of who asks wants', async () => {
  const { email } = await register('de');
  expect(await subjectFor(email, 'en')).toBe(GERMAN);
});

it('mails to an account without a language are written in that of the request, or in English', async () => {
  const [first, second] = [await register('fr'), await register()];
  expect(await subjectFor(first.email, 'de')).toBe(GERMAN);
  expect(await subjectFor(second.email, 'fr')).toBe(ENGLISH);
});

it('the owner chooses another language, or leaves it to each request again', async () => {
  const { email } = await register('en');
  const { accessToken: token } = await signIn(app.api, email);
  for (const locale of ['de', 'pt-BR', null]) {
    const { status, body } = await app.api.patch('/users/me', { locale }, { token });
    expect([status, body.locale]).toEqual([200, locale]);
    expect((await app.api.get('/users/me', { token })).body.locale).toBe(locale);
  }
  await app.api.patch('/users/me', { locale: 'de', name: 'Ada' }, { token });
  expect(await subjectFor(email, 'en')).toBe(GERMAN);
});

it('is what an admin has set for somebody, which is on record and ends no session', async () => {
  const { email } = await register();
  const { accessToken: token, userId } = await signIn(app.api, email);
  const { accessToken: admins } = await signUpAdmin(app);
  const set = (locale: string | null, as = admins) =>
    app.api.patch(`/admin/users/${userId}`, { locale }, { token: as });
  expect((await set('de')).body).toMatchObject({ locale: 'de', status: 'active' });
  expect(await subjectFor(email, 'en')).toBe(GERMAN);
  expect(refusalOf(await set('german'))).toEqual(invalid('locale'));
  expect((await set('en', token)).status).toBe(403);
  expect((await app.api.get('/users/me', { token })).body.locale).toBe('de');
  expect(await storedEvents(app.stores, 'user.profile_changed')).toContainEqual(
    expect.objectContaining({ target_id: userId, details: { fields: ['locale'] } }),
  );
});

it.each(['', 'german', 'de_DE', 'd', 'de-', 'x'.repeat(300), 7])(
  '%j is no language',
  async (locale) => {
    const { email } = await register();
    const { accessToken: token } = await signIn(app.api, email);
    const answer = await app.api.patch('/users/me', { locale }, { token });
    expect(refusalOf(answer)).toEqual(invalid('locale'));
  },
);
