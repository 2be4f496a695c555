import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUpAdmin } from '../../../builders/accounts.js';
import { clientToken, createClient } from '../../../builders/clients.js';
import {
  addPasskey,
  passkeyAnswer,
  signInByPasskey,
  signUpWithPasskey,
} from '../../../builders/passkey-accounts.js';
import { refresh } from '../../../builders/sessions.js';
import {
  challengeOf,
  codeOf,
  showSecondFactor,
  signInWithTotp,
  signUpWithTotp,
} from '../../../builders/totp-accounts.js';
import { eventually } from '../../../support/eventually.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

const PAIRS = repeated({ quick: 15, full: 40 });
const ROUNDS = repeated({ quick: 2, full: 4 });
const MAX_FACTORS = 20;

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: Awaited<ReturnType<typeof signUpAdmin>>;
beforeAll(async () => {
  app = await startTestApp({ MAIL_PER_HOUR: '1000' });
  admin = await signUpAdmin(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const failures = (answers: readonly { readonly status: number }[]) =>
  answers.map(({ status }) => status).filter((status) => status >= 500);

it(
  `${PAIRS} sign-ins by a passkey beside as many changes of it: nothing waits for itself`,
  async () => {
    const user = await signUpWithPasskey(app);
    const { accessToken: token } = await signInByPasskey(app.api, user);
    const shown = await Promise.all(
      Array.from({ length: PAIRS }, () => passkeyAnswer(app.api, user.device)),
    );
    const path = `/auth/factors/${user.factorId}`;
    const answers = await Promise.all(
      shown.flatMap((answer, index) => [
        app.api.post('/auth/passkeys/sign-in', { ...answer, delivery: 'body' }),
        app.api.patch(path, { name: `laptop ${index}` }, { token }),
      ]),
    );
    expect(failures(answers)).toEqual([]);
  },
  onThisMachine(60_000),
);

it.each([
  [
    'its owner removes it',
    (id: string, token: string) => app.api.delete(`/auth/factors/${id}`, { token }),
  ],
  [
    'an admin resets the factors',
    (_: string, __: string, userId: string) =>
      app.api.delete(`/admin/users/${userId}/factors`, { token: admin.accessToken }),
  ],
] as const)('%s while it signs in and steps up: nothing waits for itself', async (_, remove) => {
  for (let round = 0; round < ROUNDS; round++) {
    const user = await signUpWithPasskey(app);
    const { accessToken: token } = await signInByPasskey(app.api, user);
    const shown = await Promise.all(
      Array.from({ length: 8 }, () => passkeyAnswer(app.api, user.device)),
    );
    const answers = await Promise.all([
      ...shown.map(({ challenge, credential }, index) =>
        index % 2 === 0
          ? app.api.post('/auth/passkeys/sign-in', { challenge, credential, delivery: 'body' })
          : app.api.post('/auth/step-up', { method: 'passkey', credential }, { token }),
      ),
      remove(user.factorId, token, user.userId),
    ]);
    expect(failures(answers)).toEqual([]);
    expect(answers.at(-1)?.status).toBe(204);
  }
});

it('a new set of recovery codes takes from other sessions what a code of the former one raised', async () => {
  const user = await signUpWithTotp(app);
  const raised = await showSecondFactor(app.api, await challengeOf(app.api, user.email), {
    method: 'recovery_code',
    code: user.recoveryCodes[0] ?? '',
  });
  expect(decodeJwt(raised.body.accessToken)).toMatchObject({ acr: 'aal2' });
  const { accessToken: token } = await signInWithTotp(app, user);
  const made = await app.api.post('/auth/factors/recovery-codes', undefined, { token });
  expect(made.status).toBe(201);
  const stale = refused(401, 'access.token_stale');
  await eventually(
    async () => {
      const answer = await app.api.get('/auth/me', { token: raised.body.accessToken });
      expect(refusalOf(answer)).toEqual(stale);
    },
    { within: 1 },
  );
  expect((await refresh(app.api, raised.body.refreshToken)).body.acr).toBe('aal1');
  expect((await app.api.get('/auth/me', { token })).body.acr).toBe('aal2');
});

it('the caller’s own session keeps what a recovery code raised when it makes a new set', async () => {
  const user = await signUpWithTotp(app);
  const { body } = await showSecondFactor(app.api, await challengeOf(app.api, user.email), {
    method: 'recovery_code',
    code: user.recoveryCodes[0] ?? '',
  });
  const token = body.accessToken;
  const made = await app.api.post('/auth/factors/recovery-codes', undefined, { token });
  expect(made.status).toBe(201);
  expect((await app.api.get('/auth/me', { token })).body.acr).toBe('aal2');
  expect((await refresh(app.api, body.refreshToken)).body.acr).toBe('aal2');
});

describe('a session that has ended', () => {
  it('changes no factor any more, also where the feed has not told yet', async () => {
    const user = await signUpWithTotp(app);
    const session = await signInWithTotp(app, user);
    const { accessToken: token } = session;
    const begun = await app.api.post('/auth/factors/totp', undefined, { token });
    const made = (await app.api.post('/auth/passkeys/options', undefined, { token })).body;
    await app.stores.query(
      `UPDATE sessions SET ended_at = clock_timestamp(), end_reason = 'logout' WHERE id = $1`,
      [session.sessionId],
    );
    const code = codeOf(begun.body.secret);
    const path = `/auth/factors/${user.factorId}`;
    const answers = [
      await app.api.post('/auth/factors/totp', undefined, { token }),
      await app.api.post(`/auth/factors/totp/${begun.body.id}/confirm`, { code }, { token }),
      await app.api.post('/auth/factors/recovery-codes', undefined, { token }),
      await app.api.patch(path, { name: 'mine' }, { token }),
      await app.api.delete(path, { token }),
      await app.api.post('/auth/passkeys/options', undefined, { token }),
    ];
    expect(made.challenge).toEqual(expect.any(String));
    for (const answer of answers) {
      expect(refusalOf(answer)).toEqual(refused(401, 'auth.session_revoked'));
    }
    const { body } = await app.api.get('/auth/factors', {
      token: (await signInWithTotp(app, user)).accessToken,
    });
    expect(body.items).toHaveLength(2);
  });
});

it(`an account has at most ${MAX_FACTORS} factors, also when the last two are confirmed at once`, async () => {
  const user = await signUpWithTotp(app);
  const session = await signInWithTotp(app, user);
  const { accessToken: token } = session;
  await app.stores.query(
    `INSERT INTO factors (id, user_id, kind, confirmed_at)
     SELECT gen_random_uuid(), $1, 'passkey', clock_timestamp() FROM generate_series(1, $2)`,
    [user.userId, MAX_FACTORS - 3],
  );
  const begun = (await app.api.post('/auth/factors/totp', undefined, { token })).body;
  await addPasskey(app, session);
  const path = `/auth/factors/totp/${begun.id}/confirm`;
  const answer = await app.api.post(path, { code: codeOf(begun.secret) }, { token });
  expect(refusalOf(answer)).toEqual(refused(409, 'factors.too_many'));
});

it('a service has no factors', async () => {
  const token = await clientToken(app.api, await createClient(app.api, admin));
  const some = '019ac000-0000-7000-8000-000000000000';
  const answers = [
    await app.api.get('/auth/factors', { token }),
    await app.api.post('/auth/factors/proof', undefined, { token }),
    await app.api.post('/auth/factors/totp', undefined, { token }),
    await app.api.post(`/auth/factors/totp/${some}/confirm`, { code: '123456' }, { token }),
    await app.api.post('/auth/factors/recovery-codes', undefined, { token }),
    await app.api.patch(`/auth/factors/${some}`, { name: 'mine' }, { token }),
    await app.api.delete(`/auth/factors/${some}`, { token }),
    await app.api.post('/auth/passkeys/options', undefined, { token }),
    await app.api.get('/auth/passkeys', { token }),
  ];
  for (const answer of answers) expect(refusalOf(answer)).toEqual(refused(403, 'access.forbidden'));
});

it('a try costs nothing where no seed of the account can be read', async () => {
  const user = await signUpWithTotp(app);
  await app.stores.query(
    `UPDATE factors SET encrypted_secret = '\\x00', encrypted_by = 'gone' WHERE id = $1`,
    [user.factorId],
  );
  const challenge = await challengeOf(app.api, user.email);
  const answer = await showSecondFactor(app.api, challenge, { method: 'totp', code: user.code() });
  expect(refusalOf(answer)).toEqual(refused(401, 'auth.factor_invalid'));
  const counted = await app.stores.query(
    'SELECT FROM factor_failures WHERE user_id = $1 AND wrong_codes > 0',
    [user.userId],
  );
  expect(counted).toEqual([]);
});
