import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AssuranceLevel, reaches } from '../../../../src/latchkey/access/assurance.js';
import { OPERATOR } from '../../../../src/latchkey/audit/actor.js';
import { CreateRole } from '../../../../src/latchkey/roles/create-role.js';
import { claimsOf } from '../../../builders/access-tokens.js';
import { PASSWORD, type SignedIn, signUp } from '../../../builders/accounts.js';
import { SoftAuthenticator } from '../../../builders/authenticator.js';
import { settingsOf, uniqueSubject } from '../../../builders/external-sign-in.js';
import { mailProof } from '../../../builders/mail-proofs.js';
import { createTestCodes, giveCodes, WithSecondFactors } from '../../../builders/second-factors.js';
import type { Answer, ApiClient } from '../../../support/api-client.js';
import { mailTo } from '../../../support/dev-mails.js';
import { OpenIdProvider } from '../../../support/openid-provider.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';

const SOURCES = 'src/latchkey';

/** Of `EMAIL_VERIFICATION`. */
const SETTINGS = ['off', 'optional', 'required'] as const;
type Setting = (typeof SETTINGS)[number];

let provider: OpenIdProvider;
/** Of the first setting: accounts are made and mails are sent here. */
let app: Awaited<ReturnType<typeof startTestApp>>;
/** One of each setting, on the same stores. */
let apps: Record<Setting, TestApp>;
beforeAll(async () => {
  provider = await OpenIdProvider.start();
  const module = WithSecondFactors;
  const settings = { ...settingsOf(provider), EMAIL_SIGN_IN: 'on' };
  app = await startTestApp(settings, { module });
  const { stores } = app;
  const beside = (EMAIL_VERIFICATION: Setting) =>
    TestApp.start({
      stores,
      module,
      env: { ...settings, EMAIL_VERIFICATION, OUTBOX_WORKER: 'off' },
    });
  apps = { off: app, optional: await beside('optional'), required: await beside('required') };
  await createTestCodes(app.stores);
  for (const [name, requiredAcr] of Object.entries(DEMANDS)) {
    const role = { name, permissions: [], requiredAcr };
    await app.nest.get(CreateRole, { strict: false }).create(role, OPERATOR);
  }
});
afterAll(async () => {
  await Promise.all([apps.optional.stop(), apps.required.stop()]);
  await app[Symbol.asyncDispose]();
  await provider.stop();
});

/** Roles that an account may have, and what each demands of a session. */
const DEMANDS = { clerk: null, treasurer: 'aal2', keeper: 'phr' } as const;
type Role = keyof typeof DEMANDS;

interface WayIn {
  /** The file that ends in `CompleteSignIn`, or begins a session otherwise. */
  readonly file: string;
  /** It is two factors by itself, and no other is asked for. */
  readonly isEnough?: boolean;
  /** Who comes by it has proved the mailbox, and takes what a stranger may have added to the account. */
  readonly provesMailbox?: boolean;
  /** What is done while the account is as ever; then what is shown, and to whom, when it has changed. */
  readonly begin: (user: SignedIn) => Promise<(to: ApiClient) => Promise<Answer>>;
}

/** Every way in, and the end of each: what is in no row fails below. */
const WAYS_IN: Readonly<Record<string, WayIn>> = {
  password: {
    file: 'auth/session/auth.controller.ts',
    begin:
      async ({ email }) =>
      (to) =>
        to.post('/auth/login', { email, password: PASSWORD, delivery: 'body' }),
  },
  'a code by mail': {
    file: 'auth/email-sign-in/sign-in-by-email.ts',
    provesMailbox: true,
    begin: async ({ email }) => {
      const { ticket } = (await app.api.post('/auth/email-sign-in/request', { email })).body;
      const { code } = await mailTo(app, email, 'email-sign-in');
      const shown = { ticket, code, delivery: 'body' };
      return (to) => to.post('/auth/email-sign-in/complete', shown);
    },
  },
  'a passkey': {
    file: 'auth/factors/passkeys/passkey-sign-in.ts',
    isEnough: true,
    begin: async (user) => {
      const token = user.accessToken;
      const device = new SoftAuthenticator('latchkey.test', 'http://latchkey.test');
      const made = (await app.api.post('/auth/passkeys/options', undefined, { token })).body;
      const credential = device.create(made.publicKey);
      const { challenge } = made;
      const body = { challenge, credential, ...(await mailProof(app, user)) };
      await app.api.post('/auth/passkeys', body, { token });
      const asked = (await app.api.post('/auth/passkeys/sign-in/options')).body;
      const shown = { challenge: asked.challenge, credential: device.get(asked.publicKey) };
      return (to) => to.post('/auth/passkeys/sign-in', { ...shown, delivery: 'body' });
    },
  },
  'an ID token of a provider': {
    file: 'auth/external/linking/identity-sign-in.ts',
    begin: async ({ userId }) => {
      const [sub, nonce] = [uniqueSubject(), randomBytes(16).toString('hex')];
      const identity = [randomUUID(), userId, provider.issuer, sub, 'acme'];
      await app.stores.query(
        'INSERT INTO identities (id, user_id, issuer, subject, provider) VALUES ($1, $2, $3, $4, $5)',
        identity,
      );
      const digest = createHash('sha256').update(nonce).digest('hex');
      const idToken = await provider.sign(provider.claimsOf({ sub }, digest));
      const shown = { idToken, nonce, delivery: 'body' };
      return (to) => to.post('/auth/external/acme/token', shown);
    },
  },
};

/** What begins sessions and is no way in of its own: it goes on with one. */
const GOES_ON = [
  // With the challenge that a way in has been answered: signing-in.test.ts.
  'auth/second-factor/second-factor-sign-in.ts',
  // In place of the caller's session, which shows the current password: stepping-up.test.ts.
  'auth/account/change-password.ts',
  // The end itself.
  'auth/sign-in/complete-sign-in.ts',
  'auth/sign-in/start-session.ts',
];

type State = 'active' | 'unproved' | 'disabled' | 'deleted';
const STATES: Readonly<Record<State, string | null>> = {
  active: null,
  unproved: 'UPDATE users SET email_verified = false WHERE id = $1',
  disabled: `UPDATE users SET status = 'disabled' WHERE id = $1`,
  deleted: 'DELETE FROM users WHERE id = $1',
};
const POLICIES = ['no second factor', 'a second factor'] as const;

const cells = Object.keys(WAYS_IN).flatMap((way) =>
  (Object.keys(STATES) as State[]).flatMap((state) =>
    POLICIES.flatMap((policy) =>
      (Object.keys(DEMANDS) as Role[]).flatMap((role) =>
        SETTINGS.map((setting) => [way, state, policy, role, setting] as const),
      ),
    ),
  ),
);

function expected(
  way: string,
  state: State,
  policy: (typeof POLICIES)[number],
  setting: Setting,
): string {
  if (state === 'disabled' || state === 'deleted') return 'refused';
  const { isEnough, provesMailbox } = WAYS_IN[way] as WayIn;
  if (state === 'unproved' && provesMailbox) return 'signed in';
  if (state === 'unproved' && setting === 'required') return 'refused';
  if (isEnough) return 'signed in';
  return policy === 'a second factor' ? 'challenged' : 'signed in';
}

/** What the session has shown in the end: by a way that is enough, a passkey. */
function levelOf(way: string, outcome: string): AssuranceLevel {
  if (outcome === 'challenged') return 'aal2';
  return WAYS_IN[way]?.isEnough ? 'phr' : 'aal1';
}

function outcomeOf({ status, body, headers }: Answer): string {
  if (status === 200 && typeof body.accessToken === 'string') return 'signed in';
  if (headers.getSetCookie().length > 0) return 'sets a cookie';
  if (body.code === 'auth.second_factor_required') return 'challenged';
  // Where the address is to be proved first; of a password that is not said: who asks may be anybody.
  if (body.code === 'auth.email_unverified') return 'refused';
  // Whom nobody knows any more, and who names no address to make an account for.
  if (body.code === 'auth.external_email_missing') return 'refused';
  return status === 401 ? 'refused' : `answers ${status} ${body.code}`;
}

const TABLE = sampled(cells, { oneIn: 7 });
const TITLE = 'by %s, of an account that is %s, has %s and is %s, with EMAIL_VERIFICATION=%s';

describe.each(TABLE)(TITLE, (...cell) => {
  const [way, state, policy, role, setting] = cell;
  const outcome = expected(way, state, policy, setting);
  const hasRole = reaches(levelOf(way, outcome), DEMANDS[role] ?? 'aal1');
  const then = outcome === 'refused' ? '' : `, and ${hasRole ? 'has' : 'has not'} the role then`;

  it(`is ${outcome}${then}`, async () => {
    const user = await signUp(app);
    await app.stores.query('INSERT INTO user_roles (user_id, role_name) VALUES ($1, $2)', [
      user.userId,
      role,
    ]);
    // The first proof of a mailbox takes what a stranger may have added: registered-by-a-stranger.test.ts.
    await app.stores.query('UPDATE users SET email_verified = true WHERE id = $1', [user.userId]);
    const enter = await (WAYS_IN[way] as WayIn).begin(user);
    if (policy === 'a second factor')
      await giveCodes(app.stores, user.userId, 'test_totp', '111111');
    const change = STATES[state];
    if (change !== null) await app.stores.query(change, [user.userId]);
    const sessions = await countSessions(user);
    const answer = await enter(apps[setting].api);
    expect(outcomeOf(answer)).toBe(outcome);
    const begun = outcome === 'signed in' ? 1 : 0;
    expect(await countSessions(user)).toBe(sessions + begun);
    if (outcome === 'refused') return;
    const signedIn = outcome === 'challenged' ? await showCode(answer, setting) : answer;
    expect(rolesOf(signedIn)).toEqual(
      hasRole
        ? { roles: [role, 'user'].sort(), withheld: undefined }
        : { roles: ['user'], withheld: [role] },
    );
  });
});

function showCode({ body: { challenge } }: Answer, setting: Setting): Promise<Answer> {
  const shown = { challenge, method: 'test_totp', code: '111111', delivery: 'body' };
  return apps[setting].api.post('/auth/login/second-factor', shown);
}

function rolesOf({ body }: Answer) {
  const { roles, withheld } = claimsOf(String(body.accessToken));
  return { roles, withheld };
}

async function countSessions({ userId }: SignedIn): Promise<number> {
  const [row] = await app.stores.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM sessions WHERE user_id = $1',
    [userId],
  );
  return row?.count ?? 0;
}

it('every way in, state, policy, role and setting is in what is asked at this depth', () => {
  for (const column of [0, 1, 2, 3, 4] as const) {
    const values = (table: readonly (typeof cells)[number][]) =>
      new Set(table.map((cell) => cell[column]));
    expect(values(TABLE)).toEqual(values(cells));
  }
});

it('there is no way in that is not in the table', async () => {
  const files = await readdir(SOURCES, { recursive: true });
  const found: string[] = [];
  for (const file of files.filter((name) => name.endsWith('.ts'))) {
    const text = await readFile(join(SOURCES, file), 'utf8');
    if (/(?:: |class )(?:CompleteSignIn|StartSession)\b/.test(text)) found.push(file);
  }
  const known = [...Object.values(WAYS_IN).map(({ file }) => file), ...GOES_ON];
  const wiring = ['index.ts', 'auth/auth.module.ts'];
  expect(found.filter((file) => !wiring.includes(file)).sort()).toEqual(known.sort());
});
