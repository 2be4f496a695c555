import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  decideLinking,
  type LinkingDecision,
  type LinkingFacts,
} from '../../../../src/latchkey/auth/external/linking/linking-rule.js';
import { PASSWORD, uniqueEmail } from '../../../builders/accounts.js';
import {
  type Destination,
  ExternalVisitor,
  settingsOf,
  uniqueSubject,
} from '../../../builders/external-sign-in.js';
import { OpenIdProvider } from '../../../support/openid-provider.js';
import { startTestApp, TestApp } from '../../../support/test-app.js';
import { sampled } from '../../../support/test-depth.js';

const TENANT = '00000000-0000-4000-8000-000000000001';

type Address = Exclude<LinkingFacts['address'], 'none'>;
const IDENTITIES = ['known', 'unknown'] as const;
const ADDRESSES: readonly Address[] = ['known', 'unknown', 'unverified'];
const STANDINGS = ['proved', 'claimed', 'mutable'] as const;
const REGISTRATIONS = ['open', 'closed'] as const;

/** What becomes of somebody whom nobody here knows by their identity, by address, word and registration. */
const UNKNOWN: Readonly<Record<string, LinkingDecision>> = {
  'known proved open': 'prove',
  'known proved closed': 'prove',
  'known claimed open': 'prove',
  'known claimed closed': 'prove',
  'known mutable open': 'prove',
  'known mutable closed': 'prove',
  'unverified proved open': 'prove',
  'unverified proved closed': 'prove',
  'unverified claimed open': 'prove',
  'unverified claimed closed': 'prove',
  'unverified mutable open': 'prove',
  'unverified mutable closed': 'prove',
  'unknown proved open': 'register-proved',
  'unknown proved closed': 'closed',
  'unknown claimed open': 'register',
  'unknown claimed closed': 'closed',
  'unknown mutable open': 'register',
  'unknown mutable closed': 'closed',
};

/** The same where nobody is told which addresses have an account. */
const HIDDEN: typeof UNKNOWN = {
  ...UNKNOWN,
  'unknown claimed open': 'register-and-prove',
  'unknown claimed closed': 'prove',
  'unknown mutable open': 'register-and-prove',
  'unknown mutable closed': 'prove',
};

/** What the browser is told of it. */
const TOLD: Readonly<Record<LinkingDecision, string | undefined>> = {
  'sign-in': undefined,
  'register-proved': undefined,
  register: undefined,
  prove: 'auth.external_proof_required',
  'register-and-prove': 'auth.external_proof_required',
  closed: 'auth.registration_closed',
  'no-address': 'auth.external_email_missing',
};

const cells = IDENTITIES.flatMap((identity) =>
  ADDRESSES.flatMap((address) =>
    STANDINGS.flatMap((standing) =>
      REGISTRATIONS.map((registration) => ({ identity, address, standing, registration })),
    ),
  ),
);
type Cell = (typeof cells)[number];

function expected({ identity, address, standing, registration }: Cell, hides: boolean) {
  if (identity === 'known') return 'sign-in';
  return (hides ? HIDDEN : UNKNOWN)[`${address} ${standing} ${registration}`];
}

describe.each([false, true])('the rule, accounts being hidden: %s', (hidesAccounts) => {
  it.each(cells)(
    'identity $identity, address $address, $standing, registration $registration',
    (cell) => {
      expect(decideLinking({ ...cell, hidesAccounts })).toBe(expected(cell, hidesAccounts));
    },
  );

  it.each(REGISTRATIONS)('no address, registration %s', (registration) => {
    const facts = { identity: 'unknown', address: 'none', standing: 'claimed' } as const;
    const decision = registration === 'open' ? 'no-address' : 'closed';
    expect(decideLinking({ ...facts, registration, hidesAccounts })).toBe(decision);
  });
});

describe.each(['off', 'required'])('over HTTP, with EMAIL_VERIFICATION=%s', (verification) => {
  let provider: OpenIdProvider;
  let open: Awaited<ReturnType<typeof startTestApp>>;
  let closed: TestApp;
  beforeAll(async () => {
    provider = await OpenIdProvider.start(`/${TENANT}/v2.0`);
    // One whose word is worth something, and one whose is not: Microsoft's, with the same issuer.
    const mutable = settingsOf(provider, 'microsoft');
    const settings = {
      ...settingsOf(provider),
      ...mutable,
      EXTERNAL_MICROSOFT_ISSUER: provider.origin,
      EXTERNAL_MICROSOFT_TENANT: TENANT,
      EXTERNAL_PROVIDERS: 'acme,microsoft',
      EMAIL_VERIFICATION: verification,
    };
    open = await startTestApp(settings);
    const env = { ...settings, REGISTRATION: 'closed', OUTBOX_WORKER: 'off' };
    closed = await TestApp.start({ stores: open.stores, env });
  });
  afterAll(async () => {
    await closed.stop();
    await open[Symbol.asyncDispose]();
    await provider.stop();
  });

  /** An account with or without a proved address. */
  async function account(isVerified: boolean): Promise<string> {
    const email = uniqueEmail();
    await open.api.post('/auth/register', { email, password: PASSWORD });
    await open.stores.query('UPDATE users SET email_verified = $2 WHERE email = $1', [
      email,
      isVerified,
    ]);
    return email;
  }

  async function identitiesOf(subject: string): Promise<{ email: string; verified: boolean }[]> {
    return open.stores.query(
      `SELECT u.email, u.email_verified AS verified FROM identities i JOIN users u ON u.id = i.user_id
       WHERE i.subject = $1`,
      [subject],
    );
  }

  it.each(sampled(cells, { oneIn: 5, turn: verification.length }))(
    'identity $identity, address $address, $standing, registration $registration',
    async (cell) => {
      const { identity, address, standing, registration } = cell;
      const sub = uniqueSubject();
      const id = standing === 'mutable' ? 'microsoft' : 'acme';
      const owner = identity === 'known' ? await account(true) : null;
      if (owner !== null) await give(open, owner, { issuer: provider.issuer, sub });
      const email = address === 'unknown' ? uniqueEmail() : await account(address === 'known');
      provider.person = { sub, email, email_verified: standing === 'proved' };
      const visitor = new ExternalVisitor(registration === 'open' ? open : closed, id);
      const { fragment }: Destination = await visitor.signIn();
      const decision = expected(cell, verification === 'required');
      expect(fragment.error).toBe(decision && TOLD[decision]);
      const isIn = decision !== undefined && TOLD[decision] === undefined;
      expect((await visitor.accessToken()) !== undefined).toBe(isIn);
      // The account is the one that had the identity, or a new one: never one that has the address.
      const verified = decision === 'register-proved' || decision === 'sign-in';
      const held = isIn ? [{ email: owner ?? email, verified }] : [];
      expect(await identitiesOf(sub)).toEqual(held);
    },
  );
});

async function give(
  app: TestApp,
  email: string,
  { issuer, sub }: { readonly issuer: string; readonly sub: string },
): Promise<void> {
  await app.stores.query(
    `INSERT INTO identities (id, user_id, issuer, subject, provider)
     SELECT gen_random_uuid(), id, $2, $3, 'acme' FROM users WHERE email = $1`,
    [email, issuer, sub],
  );
}
