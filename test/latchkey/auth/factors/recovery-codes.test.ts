import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../../builders/accounts.js';
import {
  challengeOf,
  showSecondFactor,
  signInWithTotp,
  signUpWithTotp,
} from '../../../builders/totp-accounts.js';
import { mailsTo } from '../../../support/dev-mails.js';
import { eventually } from '../../../support/eventually.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';

const WRONG = refused(401, 'auth.factor_invalid');
const AT_ONCE = repeated({ quick: 20, full: 50 });

let app: Awaited<ReturnType<typeof startTestApp>>;
let other: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  // It sends no mails: they are read at the first one.
  other = await TestApp.start({ stores: app.stores, env: { OUTBOX_WORKER: 'off' } });
});
afterAll(async () => {
  await other.stop();
  await app[Symbol.asyncDispose]();
});

const apiOf = (index: number) => (index % 2 === 0 ? app.api : other.api);
const show = async (email: string, code: string | undefined, api = app.api) =>
  showSecondFactor(api, await challengeOf(api, email), {
    method: 'recovery_code',
    ...(code !== undefined && { code }),
  });
const leftOf = async (token: string) => {
  const { body } = await app.api.get('/auth/factors', { token });
  return body.items.find(({ kind }: { kind: string }) => kind === 'recovery_codes')?.left;
};

it('a recovery code stands in for the app, once, in any case and with or without dashes', async () => {
  const user = await signUpWithTotp(app);
  const [first = '', second = ''] = user.recoveryCodes;
  const answer = await show(user.email, first.toLowerCase().replaceAll('-', ' '));
  expect(answer.status).toBe(200);
  expect(decodeJwt(answer.body.accessToken)).toMatchObject({ acr: 'aal2' });
  expect(await leftOf(answer.body.accessToken)).toBe(9);
  expect(refusalOf(await show(user.email, first))).toEqual(WRONG);
  expect((await show(user.email, second)).status).toBe(200);
});

it('its owner is told by mail that one has been used', async () => {
  const user = await signUpWithTotp(app);
  expect((await show(user.email, user.recoveryCodes[0])).status).toBe(200);
  await eventually(
    async () => {
      const purposes = (await mailsTo(app, user.email)).map(({ purpose }) => purpose);
      expect(purposes).toContain('recovery-code-used');
      expect(purposes).toContain('recovery-codes-made');
      expect(purposes).toContain('factor-added');
    },
    { within: 2 },
  );
});

it(`one that is shown ${AT_ONCE} times at once on two instances signs in once`, async () => {
  const user = await signUpWithTotp(app);
  const challenges = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => challengeOf(apiOf(index), user.email)),
  );
  const [code] = user.recoveryCodes;
  const shown = { method: 'recovery_code', ...(code !== undefined && { code }) };
  const answers = await Promise.all(
    challenges.map((challenge, index) => showSecondFactor(apiOf(index), challenge, shown)),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
});

it(`one challenge with ${AT_ONCE} good factors at once on two instances signs in once`, async () => {
  const user = await signUpWithTotp(app);
  const challenge = await challengeOf(app.api, user.email);
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => {
      const code = user.recoveryCodes[index % user.recoveryCodes.length];
      const shown = { method: 'recovery_code', ...(code !== undefined && { code }) };
      return showSecondFactor(apiOf(index), challenge, shown);
    }),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
});

it('a new set ends the former one', async () => {
  const user = await signUpWithTotp(app);
  const { accessToken: token } = await signInWithTotp(app, user);
  const made = await app.api.post('/auth/factors/recovery-codes', undefined, { token });
  expect(made.status).toBe(201);
  expect(made.body.recoveryCodes).toHaveLength(10);
  expect(refusalOf(await show(user.email, user.recoveryCodes[0]))).toEqual(WRONG);
  expect((await show(user.email, made.body.recoveryCodes[9])).status).toBe(200);
});

it('there are none without a factor that they stand in for', async () => {
  const { accessToken: token } = await signUp(app);
  const answer = await app.api.post('/auth/factors/recovery-codes', undefined, { token });
  expect(refusalOf(answer)).toEqual(refused(409, 'factors.none'));
});

describe('what is no recovery code', () => {
  let email: string;
  beforeAll(async () => {
    ({ email } = await signUpWithTotp(app));
  });

  it.each(['', '0', 'ZZZZ-ZZZZ-ZZZZ-ZZZZ', 'ZZZZZZZZZZZZZZZU', '123456'])('%j', async (code) => {
    const answer = await show(email, code);
    expect([400, 401]).toContain(answer.status);
  });
});

it('the database keeps none of them', async () => {
  const user = await signUpWithTotp(app);
  const rows = await app.stores.query(
    `SELECT (SELECT json_agg(f)::text FROM factors f WHERE user_id = $1)
       || (SELECT json_agg(c)::text FROM recovery_codes c) AS text`,
    [user.userId],
  );
  for (const code of user.recoveryCodes) {
    expect(rows[0]?.text).not.toContain(code);
    expect(rows[0]?.text).not.toContain(code.replaceAll('-', ''));
    expect(rows[0]?.text).not.toContain(Buffer.from(code.replaceAll('-', '')).toString('hex'));
  }
});
