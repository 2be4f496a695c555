import bcrypt from 'bcrypt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../../../../src/latchkey/audit/actor.js';
import { AppSecrets } from '../../../../src/latchkey/platform/config/app-secrets.js';
import { DecoyHashes } from '../../../../src/latchkey/users/accounts/decoy-hashes.js';
import { UserBatchStore } from '../../../../src/latchkey/users/accounts/store/user-batch-store.js';
import { VerifyEmail } from '../../../../src/latchkey/users/accounts/verify-email.js';
import { OPERATOR_LANE } from '../../../../src/latchkey/users/passwords/hashing/password-check.js';
import { PasswordHasher } from '../../../../src/latchkey/users/passwords/hashing/password-hasher.js';
import {
  PASSWORD,
  type SignedIn,
  signIn,
  signUp,
  uniqueEmail,
} from '../../../builders/accounts.js';
import type { Answer } from '../../../support/api-client.js';
import { LeanClient } from '../../../support/lean-client.js';
import { invalid, refusalOf, refused } from '../../../support/refusal.js';
import { startTestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';
import { type ToldApart, toldApart } from '../../../support/told-apart.js';

const WRONG_PASSWORD = 'wrong horse battery staple';
/**
 * Of each kind: few enough to wait for, and in full enough that where nothing differs the area has a
 * standard error of 0.013. Kinds that truly have an area of 0.57 pass for 0.55 one time in sixteen.
 */
const TRIES = repeated({ quick: 30, full: 1_000 });
/** So many standard errors that nothing but a difference is found: 0.05 of a thousand tries. */
const CHANCE = (3.85 * 0.41) / Math.sqrt(TRIES);
/** Anybody may try to sign in to one account again and again. */
const ALLOWED_AT_SIGN_IN = 0.5 + CHANCE;
/**
 * An address is free only the first time, so that one try decides, which this tells next to nothing.
 * What is made takes more writing than what is refused: some 0.535, less where hashes are dearer.
 */
const ALLOWED_AT_REGISTRATION = 0.53 + CHANCE;
/** Six thousand hashes, on a machine that may be busy. */
const TIMEOUT_MILLISECONDS = 600_000;

/**
 * One at a time, so that the time is that of one hash. It is most of the time, and yet a tenth of
 * what it takes in production: whatever else differs shows all the more.
 */
const ONE_CHEAP_HASH = {
  ARGON2_MEMORY_KIB: '4096',
  ARGON2_TIME_COST: '1',
  HASHING_CONCURRENCY: '1',
  THROTTLING: 'off',
};

/** All that a client can see of an answer, but for what differs between any two. */
function visible({ status, headers, body }: Answer) {
  const { requestId: _, ...rest } = body ?? {};
  const varying = new Set(['date', 'x-request-id']);
  const shown = [...headers].filter(([name]) => !varying.has(name));
  return { status, body: rest, headers: shown.map(withoutMarks) };
}

/** The cookie of a registration is another one each time. */
function withoutMarks([name, value]: [string, string]): [string, string] {
  return [name, name === 'set-cookie' ? value.replace(/[\w.-]{129}/, 'marks') : value];
}

/** Names the two kinds when they can be told apart. */
function expectAlike({ kinds, auc }: ToldApart, allowed: number): void {
  expect(auc <= allowed || `${kinds}: ${auc.toFixed(3)}`).toBe(true);
}

describe('a failed sign-in does not tell whether there is an account', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let client: LeanClient;
  let known: SignedIn;
  let disabled: SignedIn;
  let withoutPassword: SignedIn;
  beforeAll(async () => {
    app = await startTestApp(ONE_CHEAP_HASH);
    client = new LeanClient(app.origin);
    known = await signUp(app);
    disabled = await signUp(app);
    withoutPassword = await signUp(app);
    await app.stores.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [disabled.userId]);
    await app.stores.query('UPDATE users SET password_hash = NULL WHERE id = $1', [
      withoutPassword.userId,
    ]);
  });
  afterAll(async () => {
    client.close();
    await app[Symbol.asyncDispose]();
  });

  const FAILURES: Record<string, () => { email: string; password: string }> = {
    'an unknown address': () => ({ email: uniqueEmail(), password: PASSWORD }),
    'a wrong password': () => ({ email: known.email, password: WRONG_PASSWORD }),
    'a disabled account': () => ({ email: disabled.email, password: PASSWORD }),
    'an account without a password': () => ({ email: withoutPassword.email, password: PASSWORD }),
  };
  const fail = (kind: string) => app.api.post('/auth/login', FAILURES[kind]?.());

  it.each(Object.keys(FAILURES))('%s: it is one answer', async (kind) => {
    const answer = await fail(kind);
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.invalid_credentials'));
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(visible(answer)).toEqual(visible(await fail('an unknown address')));
  });

  it('the right password of a disabled account is as wrong as any other', async () => {
    const { email } = disabled;
    const wrong = await app.api.post('/auth/login', { email, password: WRONG_PASSWORD });
    expect(visible(await fail('a disabled account'))).toEqual(visible(wrong));
  });

  it(
    'by the time that it takes',
    async () => {
      const attempts = Object.entries(FAILURES).map(([kind, body]) => [
        kind,
        async () => expect((await client.post('/auth/login', body())).status).toBe(401),
      ]);
      expectAlike(await toldApart(Object.fromEntries(attempts), TRIES), ALLOWED_AT_SIGN_IN);
    },
    onThisMachine(TIMEOUT_MILLISECONDS),
  );
});

describe('registering does not tell whether there is an account, where addresses are verified', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  let client: LeanClient;
  const taken = uniqueEmail();
  beforeAll(async () => {
    app = await startTestApp({ ...ONE_CHEAP_HASH, EMAIL_VERIFICATION: 'required' });
    client = new LeanClient(app.origin);
    expect((await register(taken)).status).toBe(202);
  });
  afterAll(async () => {
    client.close();
    await app[Symbol.asyncDispose]();
  });

  const register = (email: string, password = PASSWORD) =>
    app.api.post('/auth/register', { email, password });

  it('by status, body or headers', async () => {
    const [unknown, known] = [await register(uniqueEmail()), await register(taken)];
    expect([known.status, known.body]).toEqual([202, {}]);
    expect(visible(known)).toEqual(visible(unknown));
    const [unfitUnknown, unfitKnown] = [
      await register(uniqueEmail(), 'password'),
      await register(taken, 'password'),
    ];
    expect(refusalOf(unfitKnown)).toEqual(invalid('password'));
    expect(visible(unfitKnown)).toEqual(visible(unfitUnknown));
  });

  it('nor does signing in with the password just sent, until the address is verified', async () => {
    const [unknown, password] = [uniqueEmail(), `${PASSWORD} of a stranger`];
    const attempts = [unknown, taken].map(async (email) => {
      await register(email, password);
      return visible(await app.api.post('/auth/login', { email, password }));
    });
    const [signedIn, refusedSignIn] = await Promise.all(attempts);
    expect(signedIn).toEqual(refusedSignIn);
    expect(signedIn?.status).toBe(401);
    const nobody = await app.api.post('/auth/login', { email: uniqueEmail(), password });
    expect(signedIn).toEqual(visible(nobody));

    await app.nest.get(VerifyEmail, { strict: false }).verify(unknown, OPERATOR, 'keep');
    expect((await signIn(app.api, unknown, password)).email).toBe(unknown);
  });

  it('nor the time of it, when the hash of who has the address costs more', async () => {
    const dear = uniqueEmail();
    await register(dear);
    // Which costs are in use is surveyed at the first sign-in: this one is not among them.
    await app.api.post('/auth/login', { email: dear, password: PASSWORD });
    await app.stores.query('UPDATE users SET password_hash = $2 WHERE email = $1', [
      dear,
      await bcrypt.hash(PASSWORD, 10),
    ]);
    const attempt = (email: () => string) => async () => {
      const body = { email: email(), password: PASSWORD };
      expect((await client.post('/auth/login', body)).status).toBe(401);
    };
    // Of so few tries the area has a standard error of 0.065, or 0.08; that hash would make it 1.
    const kinds = { unknown: attempt(uniqueEmail), dear: attempt(() => dear) };
    expectAlike(await toldApart(kinds, repeated({ quick: 25, full: 40 })), 0.8);
  });

  it('but tells admins', async () => {
    const [event] = await app.stores.query(
      `SELECT outcome, reason, target_id = u.id::text AS "isOwners"
       FROM audit_events JOIN users u ON u.email = $1 WHERE action = 'registration.failed' LIMIT 1`,
      [taken],
    );
    expect(event).toEqual({ outcome: 'failure', reason: 'email_taken', isOwners: true });
  });

  it(
    'by the time that it takes',
    async () => {
      const attempt = (email: () => string) => async () => {
        const body = { email: email(), password: PASSWORD };
        expect((await client.post('/auth/register', body)).status).toBe(202);
      };
      const kinds = { unknown: attempt(uniqueEmail), known: attempt(() => taken) };
      expectAlike(await toldApart(kinds, TRIES), ALLOWED_AT_REGISTRATION);
    },
    onThisMachine(TIMEOUT_MILLISECONDS),
  );
});

describe('while hashes of several costs are in use', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    app = await startTestApp();
    const imported = await bcrypt.hash(PASSWORD, 4);
    const own = await app.nest.get(PasswordHasher, { strict: false }).hash(PASSWORD, OPERATOR_LANE);
    await app.stores.query(
      `INSERT INTO users (id, email, email_key, password_hash)
       SELECT gen_random_uuid(), n, n, CASE WHEN n % 10 < 3 THEN $1 ELSE $2 END
       FROM generate_series(1, 1000) AS n`,
      [imported, own],
    );
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const ADDRESSES = Array.from({ length: 1_000 }, (_, index) => `nobody-${index}@example.com`);

  /** The addresses that nobody has and that take the time of bcrypt. */
  async function takenForImported(): Promise<string[]> {
    const [secrets, store, hasher] = [AppSecrets, UserBatchStore, PasswordHasher].map((token) =>
      app.nest.get(token, { strict: false }),
    ) as [AppSecrets, UserBatchStore, PasswordHasher];
    const decoys = new DecoyHashes(secrets, store, hasher);
    const decoysOfAll = await Promise.all(ADDRESSES.map((email) => decoys.decoyFor(email)));
    return ADDRESSES.filter((_, index) => decoysOfAll[index]?.startsWith('$2b$04$'));
  }

  it('unknown addresses take the time of each in the share of accounts that do', async () => {
    const imported = await takenForImported();
    // Three in ten; the standard error is 14.
    expect(imported.length).toBeGreaterThan(230);
    expect(imported.length).toBeLessThan(370);
    expect(await takenForImported()).toEqual(imported);
  });

  it('and change over to one’s own cost as the accounts do, never back', async () => {
    const before = await takenForImported();
    await app.stores.query(
      `UPDATE users SET password_hash = (SELECT max(password_hash) FROM users WHERE password_hash LIKE '$argon2id%')
       WHERE email_key::integer % 10 < 2`,
    );
    const after = await takenForImported();
    expect(before).toEqual(expect.arrayContaining(after));
    expect(after.length).toBeGreaterThan(50);
    expect(after.length).toBeLessThan(150);
  });

  it('signing in to an unknown address is refused like any other', async () => {
    const [email] = await takenForImported();
    const answer = await app.api.post('/auth/login', { email, password: PASSWORD });
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.invalid_credentials'));
  });
});
