import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RenewEncryption } from '../../../../src/latchkey/operations/jobs/renew-encryption.js';
import { RetentionSchedule } from '../../../../src/latchkey/operations/retention/retention-schedule.js';
import { signUp, uniqueEmail } from '../../../builders/accounts.js';
import { ExternalVisitor, settingsOf, uniqueSubject } from '../../../builders/external-sign-in.js';
import { OpenIdProvider, send } from '../../../support/openid-provider.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { copyDatabase, findSecrets } from '../../../support/store-copies.js';
import { createStores, type Stores } from '../../../support/stores.js';
import { CHEAP_ENOUGH_FOR_TESTS, TestApp } from '../../../support/test-app.js';
import { WithCalendar } from './calendar-feature.js';

const KEEPING = { EXTERNAL_ACME_KEEP_TOKENS: 'on' };
const FORMER = CHEAP_ENOUGH_FOR_TESTS.APP_SECRETS;
const NEXT = 'another text that nothing else has been run with 9876543210';
/** What is over by the time that it arrives. */
const OVER_SECONDS = 1;
const GOOD_SECONDS = 3_600;

let provider: OpenIdProvider;
let stores: Stores;
/** One that keeps what the provider gives, one that asks for no refresh token, and one that keeps nothing. */
let app: TestApp;
let brief: TestApp;
let off: TestApp;
/** Those that a test has started for itself. */
const running: TestApp[] = [];
beforeAll(async () => {
  provider = await OpenIdProvider.start();
  stores = await createStores();
  app = await start();
  brief = await start({ ...KEEPING, EXTERNAL_ACME_SCOPES: 'openid email' });
  off = await start({});
  running.length = 0;
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await stores.query('DELETE FROM identity_tokens');
  provider.faults = {};
  provider.tokenSeconds = GOOD_SECONDS;
});
afterAll(async () => {
  await Promise.all([app.stop(), brief.stop(), off.stop()]);
  await provider.stop();
  await stores.drop();
});

async function start(env: Record<string, string> = KEEPING): Promise<TestApp> {
  const settings = { ...settingsOf(provider), ...env };
  const app = await TestApp.start({ stores, env: settings, module: WithCalendar });
  running.push(app);
  return app;
}

interface Person {
  readonly sub: string;
  readonly token: string;
  readonly visitor: ExternalVisitor;
}

/** Somebody who has signed in through the provider, whose access token there lives so long. */
async function comeThrough(
  app: TestApp,
  { tokenSeconds = GOOD_SECONDS, sub = uniqueSubject() } = {},
): Promise<Person> {
  provider.tokenSeconds = tokenSeconds;
  provider.person = { sub, email: uniqueEmail(), email_verified: true };
  const visitor = new ExternalVisitor(app);
  const { fragment } = await visitor.signIn();
  expect(fragment).toEqual({});
  provider.tokenSeconds = GOOD_SECONDS;
  return { sub, token: (await visitor.accessToken()) ?? '', visitor };
}

const calendarOf = (app: TestApp, { token }: Pick<Person, 'token'>, query = '') =>
  app.api.get(`/calendar?api=${encodeURIComponent(`${provider.origin}/userinfo`)}${query}`, {
    token,
  });
const kept = () => stores.query('SELECT identity_id, version FROM identity_tokens');
const SIGN_IN_NEEDED = refused(409, 'auth.external_sign_in_needed');
const UNAVAILABLE = refused(424, 'auth.external_unavailable');

describe('what a provider gives', () => {
  it('is neither asked for nor kept, unless the settings say so', async () => {
    const person = await comeThrough(off);
    expect(await kept()).toEqual([]);
    expect(refusalOf(await calendarOf(off, person))).toEqual(SIGN_IN_NEEDED);
    const asked = new URL(await person.visitor.start()).searchParams;
    expect([asked.get('scope'), asked.get('prompt')]).toEqual(['openid email profile', null]);
  });

  it('is for a feature to call its API with, and asked for once as long as it is good', async () => {
    const person = await comeThrough(app);
    const { refreshes } = provider;
    const first = await calendarOf(app, person);
    expect([first.status, first.body]).toEqual([
      200,
      {
        sub: person.sub,
        fingerprint: expect.any(String),
        expiresAt: expect.any(String),
        scope: 'openid email profile offline_access',
      },
    ]);
    const left = Date.parse(first.body.expiresAt) - Date.now();
    expect(Math.abs(left / 1_000 - GOOD_SECONDS)).toBeLessThan(60);
    expect((await calendarOf(app, person)).body).toEqual(first.body);
    expect(provider.refreshes).toBe(refreshes);
  });

  it('is refreshed when it is over, with the token that the provider gave last', async () => {
    const person = await comeThrough(app, { tokenSeconds: OVER_SECONDS });
    provider.tokenSeconds = OVER_SECONDS;
    const seen = new Set<string>();
    for (let turn = 0; turn < 3; turn += 1) {
      const { status, body } = await calendarOf(app, person);
      expect([status, body.sub]).toEqual([200, person.sub]);
      seen.add(body.fingerprint);
    }
    expect(seen.size).toBe(3);
  });

  it('is over, whatever its time, once the API has refused it', async () => {
    const person = await comeThrough(app);
    const { body } = await calendarOf(app, person);
    const other = await calendarOf(app, person, '&insist=yes');
    expect(other.body).toMatchObject({ sub: person.sub });
    expect(other.body.fingerprint).not.toBe(body.fingerprint);
    expect((await calendarOf(app, person)).body).toEqual(other.body);
  });

  it('is refreshed once for any number at once, on two instances', async () => {
    const apps = [app, await start()] as const;
    const person = await comeThrough(app, { tokenSeconds: OVER_SECONDS });
    const { refreshes } = provider;
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => calendarOf(apps[index % 2] ?? app, person)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.fingerprint)).size).toBe(1);
    expect(provider.refreshes).toBe(refreshes + 1);
  });

  it('goes on after an instance that has died while it asked', async () => {
    const person = await comeThrough(app, { tokenSeconds: OVER_SECONDS });
    await stores.query(
      "UPDATE identity_tokens SET refreshing_until = clock_timestamp() - interval '1 ms'",
    );
    expect((await calendarOf(app, person)).status).toBe(200);
  });

  it('is deleted when the provider refuses it; the person signs in again, and it goes on', async () => {
    const person = await comeThrough(app, { tokenSeconds: OVER_SECONDS });
    provider.forgetGrants();
    expect(refusalOf(await calendarOf(app, person))).toEqual(SIGN_IN_NEEDED);
    expect(await kept()).toEqual([]);
    const again = await comeThrough(app, { sub: person.sub });
    expect((await calendarOf(app, again)).body).toMatchObject({ sub: person.sub });
  });

  it('stays when the provider does not answer, and goes on when it does', async () => {
    const person = await comeThrough(app, { tokenSeconds: OVER_SECONDS });
    for (const [status, body] of [
      [503, {}],
      [200, {}],
      [200, { access_token: 'x'.repeat(9_000), token_type: 'bearer' }],
      [400, { error: 'invalid_client' }],
    ] as const) {
      provider.faults.handlers = { '/token': (_, response) => send(response, status, body) };
      expect(refusalOf(await calendarOf(app, person))).toEqual(UNAVAILABLE);
    }
    provider.faults = {};
    expect((await calendarOf(app, person)).status).toBe(200);
  });

  it('is not taken where it is somebody else’s', async () => {
    const person = await comeThrough(app, { tokenSeconds: OVER_SECONDS });
    provider.faults.idToken = (claims) => ({ ...claims, sub: uniqueSubject() });
    expect(refusalOf(await calendarOf(app, person))).toEqual(UNAVAILABLE);
    expect(await kept()).toMatchObject([{ version: 1 }]);
  });

  it('keeps its refresh token where a later sign-in brings none', async () => {
    const { sub } = await comeThrough(app);
    const again = await comeThrough(brief, { sub, tokenSeconds: OVER_SECONDS });
    const { refreshes } = provider;
    expect((await calendarOf(brief, again)).body).toMatchObject({ sub });
    expect(provider.refreshes).toBe(refreshes + 1);
  });

  it('that is over and has no refresh token is deleted', async () => {
    const person = await comeThrough(brief, { tokenSeconds: OVER_SECONDS });
    expect(await kept()).toHaveLength(1);
    expect(refusalOf(await calendarOf(brief, person))).toEqual(SIGN_IN_NEEDED);
    expect(await kept()).toEqual([]);
  });

  it('is brought to an account by adding the provider, also once more', async () => {
    const user = await signUp(app);
    const sub = uniqueSubject();
    provider.person = { sub, email: uniqueEmail() };
    for (let turn = 0; turn < 2; turn += 1) {
      await stores.query('DELETE FROM identity_tokens');
      const visitor = new ExternalVisitor(app);
      const path = '/auth/external/acme/link';
      const { body } = await visitor.post(path, undefined, user.accessToken);
      await visitor.signIn({ link: String(body.ticket), returnTo: '/app' });
      const answer = await calendarOf(app, { token: user.accessToken });
      expect(answer.body).toMatchObject({ sub });
    }
  });

  it.each([
    ['too long', { access_token: 'x'.repeat(8_193) }],
    ['no text', { access_token: 'a token', refresh_token: 'line\nbreak' }],
  ])('signs somebody in, and is not kept, where it is %s', async (_, fields) => {
    provider.faults.answered = (body) => ({ ...body, ...fields });
    const person = await comeThrough(app);
    expect(await kept()).toEqual([]);
    expect(refusalOf(await calendarOf(app, person))).toEqual(SIGN_IN_NEEDED);
  });
});

describe('what is kept', () => {
  it('can be read from no copy of the database, nor from the export, which names it', async () => {
    const person = await comeThrough(app, { tokenSeconds: OVER_SECONDS });
    await calendarOf(app, person);
    const { text, body } = await app.api.get('/auth/account/export', { token: person.token });
    expect(body.identities).toMatchObject([
      { providerTokens: { keptSince: expect.any(String), usedAt: expect.any(String) } },
    ]);
    const secrets = Object.fromEntries(provider.given.map((token, index) => [index, token]));
    expect(Object.keys(secrets).length).toBeGreaterThan(3);
    expect(findSecrets(text + (await copyDatabase(stores)), secrets)).toEqual([]);
  });

  it('is good in its own row alone', async () => {
    const [one, other] = [await comeThrough(app), await comeThrough(app)];
    await stores.query(
      `UPDATE identity_tokens AS mine SET encrypted_tokens = theirs.encrypted_tokens
       FROM identity_tokens AS theirs WHERE theirs.identity_id <> mine.identity_id`,
    );
    for (const person of [one, other])
      expect(refusalOf(await calendarOf(app, person))).toEqual(SIGN_IN_NEEDED);
  });

  it('is shown to nobody whom Latchkey is not registered with as then', async () => {
    const person = await comeThrough(app, { tokenSeconds: OVER_SECONDS });
    const other = await OpenIdProvider.start();
    const elsewhere = await start({ ...KEEPING, EXTERNAL_ACME_ISSUER: other.issuer });
    expect(refusalOf(await calendarOf(elsewhere, person))).toEqual(SIGN_IN_NEEDED);
    expect(other.requests).toEqual([]);
    await other.stop();
    const client = await start({ ...KEEPING, EXTERNAL_ACME_CLIENT_ID: 'another-client' });
    const { refreshes } = provider;
    expect(refusalOf(await calendarOf(client, person))).toEqual(SIGN_IN_NEEDED);
    expect(provider.refreshes).toBe(refreshes);
  });

  it('goes with the identity, and with the account', async () => {
    const user = await signUp(app);
    const visitor = new ExternalVisitor(app);
    provider.person = { sub: uniqueSubject(), email: uniqueEmail() };
    const { body } = await visitor.post('/auth/external/acme/link', undefined, user.accessToken);
    await visitor.signIn({ link: String(body.ticket), returnTo: '/app' });
    const token = user.accessToken;
    const { body: list } = await app.api.get('/auth/identities', { token });
    expect(await kept()).toHaveLength(1);
    const removed = await app.api.delete(`/auth/identities/${list.items[0].id}`, { token });
    expect([removed.status, await kept()]).toEqual([204, []]);

    const person = await comeThrough(app);
    expect(await kept()).toHaveLength(1);
    const left = await app.api.post('/auth/account/delete', undefined, { token: person.token });
    expect([left.status, await kept()]).toEqual([204, []]);
  });

  it('goes after 90 days without use, and with the setting', async () => {
    const person = await comeThrough(app);
    const clear = async (at: TestApp) => {
      await at.nest.get(RetentionSchedule, { strict: false }).runOnce();
      return kept();
    };
    const age = (days: number) =>
      stores.query('UPDATE identity_tokens SET used_at = now() - make_interval(days => $1)', [
        days,
      ]);
    await age(89);
    expect(await clear(app)).toHaveLength(1);
    await calendarOf(app, person);
    await stores.query("UPDATE identity_tokens SET used_at = used_at - interval '2 days'");
    expect(await clear(app)).toHaveLength(1);
    await age(91);
    expect(await clear(app)).toEqual([]);

    await comeThrough(app);
    expect(await clear(app)).toHaveLength(1);
    expect(await clear(off)).toEqual([]);
  });

  it('is for nobody whose account is disabled', async () => {
    const person = await comeThrough(app);
    const { ProviderTokens } = await import('../../../../src/latchkey/index.js');
    const { body } = await app.api.get('/users/me', { token: person.token });
    await stores.query("UPDATE users SET status = 'disabled' WHERE id = $1", [body.id]);
    const asking = app.nest.get(ProviderTokens, { strict: false }).get(body.id, 'acme');
    await expect(asking).rejects.toMatchObject({
      definition: { code: 'auth.external_sign_in_needed' },
    });
  });

  // Last: the stores open with the next secret alone from here on.
  it('outlives the rotation of APP_SECRETS, once it is encrypted again', async () => {
    const person = await comeThrough(app);
    const between = await start({ ...KEEPING, APP_SECRETS: `${NEXT},${FORMER}` });
    await between.nest.get(RenewEncryption, { strict: false }).run(new AbortController().signal);
    const rows = await stores.query('SELECT DISTINCT encrypted_by FROM identity_tokens');
    expect(rows).toHaveLength(1);
    const after = await start({ ...KEEPING, APP_SECRETS: NEXT });
    expect((await calendarOf(after, person)).body).toMatchObject({ sub: person.sub });
  });
});
