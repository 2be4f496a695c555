import { UnsecuredJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { uniqueEmail } from '../../../builders/accounts.js';
import {
  type Destination,
  destinationOf,
  ExternalVisitor,
  pathOf,
  settingsOf,
  uniqueSubject,
} from '../../../builders/external-sign-in.js';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type Faults,
  OpenIdProvider,
} from '../../../support/openid-provider.js';
import { ISSUER, startTestApp, TestApp } from '../../../support/test-app.js';
import { repeated } from '../../../support/test-depth.js';
import { onThisMachine } from '../../../support/time-limits.js';

const AT_ONCE = repeated({ quick: 20, full: 50 });

/** The provider, another one beside it, and a victim who has an account through the first. */
let provider: OpenIdProvider;
let other: OpenIdProvider;
let app: Awaited<ReturnType<typeof startTestApp>>;
const victim = { sub: uniqueSubject(), email: uniqueEmail(), email_verified: true };

beforeAll(async () => {
  [provider, other] = [await OpenIdProvider.start(), await OpenIdProvider.start()];
  // All begin with the same key.
  await other.rotateKeys();
  const settings = { ...settingsOf(other, 'other'), ...settingsOf(provider) };
  app = await startTestApp({ ...settings, EXTERNAL_PROVIDERS: 'acme,other' });
  provider.person = victim;
  expect(await new ExternalVisitor(app).signIn()).toEqual(SIGNED_IN);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await Promise.all([provider.stop(), other.stop()]);
});
afterEach(() => {
  provider.faults = {};
});

const SIGNED_IN: Destination = { address: `${ISSUER}/app`, fragment: {} };
const failed = (error: string, provider = 'acme'): Destination => ({
  address: `${ISSUER}/app`,
  fragment: { error, provider },
});
/** Where nothing is known of the sign-in: at the page to sign in. */
const nowhere = (provider = 'acme'): Destination => ({
  address: `${ISSUER}/pages/sign-in`,
  fragment: { error: 'auth.external_state_invalid', provider },
});

async function accounts(): Promise<number> {
  const [row] = await app.stores.query<{ count: number }>(
    'SELECT (SELECT count(*) FROM sessions)::int + (SELECT count(*) FROM users)::int AS count',
  );
  return row?.count ?? 0;
}

/** Nobody is signed in, and no account is made. */
async function takesNothing(attempt: () => Promise<void>): Promise<void> {
  const before = await accounts();
  await attempt();
  expect(await accounts()).toBe(before);
}

/** Each as an attacker would have it, who wants to be the victim. */
const TOKENS: Readonly<Record<string, Faults>> = {
  'a swapped issuer': { idToken: (claims) => ({ ...claims, iss: 'https://evil.example' }) },
  'a wrong nonce': { idToken: (claims) => ({ ...claims, nonce: 'of another sign-in' }) },
  'a missing nonce': { idToken: ({ nonce: _, ...claims }) => claims },
  'a nonce that is no text': { idToken: (claims) => ({ ...claims, nonce: [claims.nonce] }) },
  'alg: none': { rawIdToken: (claims) => new UnsecuredJWT(claims).encode() },
  'a signature of another key': {
    rawIdToken: async (claims) => {
      const [, payload] = (await provider.sign(claims)).split('.');
      return `${(await provider.sign({})).split('.')[0]}.${payload}.${(await other.sign(claims)).split('.')[2]}`;
    },
  },
  'a key that it does not publish': { rawIdToken: (claims) => other.sign(claims) },
  'a foreign audience': { idToken: (claims) => ({ ...claims, aud: 'another client' }) },
  'a foreign authorized party': {
    idToken: (claims) => ({ ...claims, aud: [CLIENT_ID, 'another'], azp: 'another' }),
  },
  'several audiences and no authorized party': {
    idToken: (claims) => ({ ...claims, aud: [CLIENT_ID, 'another'] }),
  },
  'a missing subject': { idToken: ({ sub: _, ...claims }) => claims },
  'an empty subject': { idToken: (claims) => ({ ...claims, sub: '' }) },
  'a subject that is a number': { idToken: (claims) => ({ ...claims, sub: 7 }) },
  'a subject of 256 characters': { idToken: (claims) => ({ ...claims, sub: 'x'.repeat(256) }) },
  'a subject with a line break': { idToken: (claims) => ({ ...claims, sub: `${victim.sub}\n` }) },
  'a past end': { idToken: (claims) => ({ ...claims, exp: 1_000 }) },
  'no end': { idToken: ({ exp: _, ...claims }) => claims },
  'no text': { rawIdToken: () => 'not a token' },
};

describe('an ID token is refused, and takes no account, that has', () => {
  it.each(Object.keys(TOKENS))('%s', async (name) => {
    provider.person = victim;
    provider.faults = TOKENS[name] ?? {};
    await takesNothing(async () => {
      const visitor = new ExternalVisitor(app);
      expect(await visitor.signIn()).toEqual(failed('auth.external_refused'));
      expect(await visitor.accessToken()).toBeUndefined();
    });
  });
});

describe('an answer of the provider is refused that', () => {
  it.each([
    ['names another issuer (RFC 9207)', (answer) => answer.set('iss', other.issuer)],
    ['names no issuer although it says that it does', (answer) => answer.delete('iss')],
    ['has no code', (answer) => answer.delete('code')],
    ['has a code that was not issued', (answer) => answer.set('code', 'guessed')],
    ['names two codes', (answer) => answer.append('code', 'another')],
  ] satisfies [string, Faults['answer']][])('%s', async (_, answer) => {
    provider.person = victim;
    provider.faults = { answer };
    await takesNothing(async () => {
      expect(await new ExternalVisitor(app).signIn()).toEqual(failed('auth.external_refused'));
    });
  });

  it.each([
    ['has no state', (answer: URLSearchParams) => answer.delete('state')],
    [
      'has a state of nobody',
      (answer: URLSearchParams) => answer.set('state', `lko_${'A'.repeat(64)}`),
    ],
    ['has a state of 10 KB', (answer: URLSearchParams) => answer.set('state', 'x'.repeat(10_000))],
  ])('%s', async (_, answer) => {
    provider.person = victim;
    provider.faults = { answer };
    await takesNothing(async () => {
      expect(await new ExternalVisitor(app).signIn()).toEqual(nowhere());
    });
  });

  it('says that the person does not agree: they are told so, and nothing is logged', async () => {
    provider.faults = {
      answer: (answer) => {
        answer.delete('code');
        answer.set('error', 'access_denied');
      },
    };
    expect(await new ExternalVisitor(app).signIn()).toEqual(failed('auth.external_denied'));
  });
});

describe('somebody else’s sign-in', () => {
  it('does not finish in another browser', async () => {
    provider.person = victim;
    const callback = await authorized(new ExternalVisitor(app));
    await takesNothing(async () => {
      const stranger = new ExternalVisitor(app);
      expect(destinationOf(await stranger.comeBack(callback))).toEqual(nowhere());
      await stranger.start();
      expect(destinationOf(await stranger.comeBack(callback))).toEqual(nowhere());
    });
  });

  it('does not finish by a code that was injected into one’s own (PKCE, nonce)', async () => {
    provider.person = victim;
    const stolen = new URL(await authorized(new ExternalVisitor(app))).searchParams.get('code');
    const thief = new ExternalVisitor(app);
    const callback = new URL(await authorized(thief));
    callback.searchParams.set('code', stolen ?? '');
    await takesNothing(async () => {
      const ended = await thief.comeBack(callback.href);
      expect(destinationOf(ended)).toEqual(failed('auth.external_refused'));
    });
  });

  it('does not finish at another provider’s callback: mix-up', async () => {
    provider.person = victim;
    const visitor = new ExternalVisitor(app);
    const callback = (await authorized(visitor)).replace('/acme/', '/other/');
    await takesNothing(async () => {
      expect(destinationOf(await visitor.comeBack(callback))).toEqual(nowhere('other'));
      expect(other.requests).not.toContain('/token');
    });
  });

  it('finishes once: the back button is told to begin again, and the session stays', async () => {
    provider.person = victim;
    const visitor = new ExternalVisitor(app);
    const callback = await authorized(visitor);
    expect(destinationOf(await visitor.comeBack(callback))).toEqual(SIGNED_IN);
    await takesNothing(async () => {
      expect(destinationOf(await visitor.comeBack(callback))).toEqual(nowhere());
    });
    expect(await visitor.accessToken()).toBeDefined();
  });

  it('two tabs at once both finish', async () => {
    provider.person = victim;
    const visitor = new ExternalVisitor(app);
    const [first, second] = [await visitor.start({ returnTo: '/one' }), await visitor.start()];
    const callbacks = [await visitor.authorize(second), await visitor.authorize(first)];
    const ends = [];
    for (const callback of callbacks) ends.push(destinationOf(await visitor.comeBack(callback)));
    expect(ends.map(({ address }) => address)).toEqual([
      `${ISSUER}/pages/account`,
      `${ISSUER}/one`,
    ]);
    expect(ends.map(({ fragment }) => fragment)).toEqual([{}, {}]);
  });
});

describe(`${AT_ONCE} callbacks at once, on two instances, start one session`, () => {
  let second: TestApp;
  beforeAll(async () => {
    const settings = { ...settingsOf(provider), OUTBOX_WORKER: 'off' };
    second = await TestApp.start({ stores: app.stores, env: settings });
  });
  afterAll(() => second.stop());

  async function sessionsAfter(callbacks: readonly string[], cookie: string): Promise<number> {
    const before = await accounts();
    const answers = await Promise.all(
      callbacks.map((callback, index) =>
        (index % 2 === 0 ? app : second).api.get(pathOf(callback), { cookie }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
    return (await accounts()) - before;
  }

  it('with one state', async () => {
    provider.person = victim;
    const visitor = new ExternalVisitor(app);
    const callback = await authorized(visitor);
    const redeemed = () => provider.requests.filter((path) => path === '/token').length;
    const before = redeemed();
    expect(await sessionsAfter(Array(AT_ONCE).fill(callback), visitor.cookie)).toBe(1);
    expect(redeemed() - before).toBe(1);
  });

  it('with one code', async () => {
    provider.person = victim;
    const visitor = new ExternalVisitor(app);
    const callback = new URL(await authorized(visitor));
    const states = [callback.searchParams.get('state') ?? ''];
    while (states.length < AT_ONCE) {
      const begun = new URL(await visitor.start());
      states.push(begun.searchParams.get('state') ?? '');
    }
    const callbacks = states.map((state) => {
      callback.searchParams.set('state', state);
      return callback.href;
    });
    expect(await sessionsAfter(callbacks, visitor.cookie)).toBe(1);
  });

  it('of somebody whom nobody knows: one account', async () => {
    provider.person = { sub: uniqueSubject(), email: uniqueEmail(), email_verified: true };
    const tabs = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const visitor = new ExternalVisitor(app);
        return { visitor, callback: await authorized(visitor) };
      }),
    );
    const ends = await Promise.all(
      tabs.map(async ({ visitor, callback }) => destinationOf(await visitor.comeBack(callback))),
    );
    expect(ends).toEqual(Array(10).fill(SIGNED_IN));
    const [row] = await app.stores.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM identities WHERE subject = $1',
      [provider.person.sub],
    );
    expect(row?.count).toBe(1);
  });
});

describe('what a provider says of an address', () => {
  const nobody = () => ({ sub: uniqueSubject(), email: uniqueEmail() });

  it.each([['true'], [1], [null], [['true']]])(
    'email_verified: %j is not believed: it is no boolean',
    async (verified) => {
      const person = nobody();
      provider.person = { ...person, email_verified: verified };
      const visitor = new ExternalVisitor(app);
      expect(await visitor.signIn()).toEqual(SIGNED_IN);
      const token = (await visitor.accessToken()) ?? '';
      const { body } = await app.api.get('/users/me', { token });
      expect(body).toMatchObject({ email: person.email, emailVerified: false });
    },
  );

  it.each([
    ['no address', {}],
    ['an empty one', { email: '' }],
    ['one that is no text', { email: ['a@example.com'] }],
    ['one that looks like another', { email: 'ad\u200ba@example.com' }],
    ['one with a comment', { email: 'a(b)@example.com' }],
  ])('%s makes no account, and says what to do', async (_, email) => {
    provider.person = { sub: uniqueSubject(), email_verified: true, ...email };
    await takesNothing(async () => {
      expect(await new ExternalVisitor(app).signIn()).toEqual(
        failed('auth.external_email_missing'),
      );
    });
  });

  it('does not give it the account that has the address', async () => {
    provider.person = { ...nobody(), email: victim.email, email_verified: true };
    await takesNothing(async () => {
      const { fragment } = await new ExternalVisitor(app).signIn();
      expect(fragment.error).toBe('auth.external_proof_required');
    });
  });
});

describe('a provider that cannot be asked is named as such, within seconds:', () => {
  // One that knows of no provider yet: what it has been told of one it keeps.
  let fresh: TestApp;
  beforeAll(async () => {
    const settings = { ...settingsOf(other, 'other'), ...settingsOf(provider) };
    const env = { ...settings, EXTERNAL_PROVIDERS: 'acme,other', OUTBOX_WORKER: 'off' };
    fresh = await TestApp.start({ stores: app.stores, env });
  });
  afterAll(() => fresh.stop());
  beforeEach(() => {
    provider.person = victim;
  });
  const UNAVAILABLE = failed('auth.external_unavailable');
  const path = '/.well-known/openid-configuration';

  async function begun(id = 'acme'): Promise<Destination> {
    const started = performance.now();
    const answer = await fresh.api.get(`/auth/external/${id}/start?returnTo=/app`);
    expect(performance.now() - started).toBeLessThan(onThisMachine(8_000));
    return destinationOf(answer);
  }

  it('slow, or dripping', async () => {
    const timers: NodeJS.Timeout[] = [];
    provider.faults = { handlers: { [path]: () => {} } };
    other.faults = {
      handlers: {
        [path]: (_, response) => {
          response.writeHead(200, { 'Content-Type': 'application/json' });
          timers.push(setInterval(() => response.write(' '), 200));
        },
      },
    };
    const unavailable = failed('auth.external_unavailable', 'other');
    expect(await Promise.all([begun(), begun('other')])).toEqual([UNAVAILABLE, unavailable]);
    for (const timer of timers) clearInterval(timer);
    other.faults = {};
  });

  it('failing, redirecting, or answering 10 MB', async () => {
    for (const handler of [
      (_: unknown, response) => response.writeHead(500).end(),
      (_: unknown, response) =>
        response.writeHead(302, { Location: `${other.issuer}${path}` }).end(),
      (_: unknown, response) =>
        response
          .writeHead(200, { 'Content-Type': 'application/json' })
          .end(`{"issuer":"${'x'.repeat(10_000_000)}"}`),
    ] satisfies NonNullable<Faults['handlers']>[string][]) {
      provider.faults = { handlers: { [path]: handler } };
      expect(await begun()).toEqual(UNAVAILABLE);
    }
  });

  it('metadata of another issuer, or whose endpoints are not https, are not believed', async () => {
    provider.faults = { metadata: (metadata) => ({ ...metadata, issuer: other.issuer }) };
    expect(await begun()).toEqual(failed('auth.external_refused'));
    for (const endpoint of ['authorization_endpoint', 'token_endpoint', 'jwks_uri']) {
      provider.faults = {
        metadata: (known) => ({ ...known, [endpoint]: 'http://evil.example/x' }),
      };
      expect(await begun()).toEqual(UNAVAILABLE);
      provider.faults = { metadata: (known) => ({ ...known, [endpoint]: undefined }) };
      expect(await begun()).toEqual(failed('auth.external_refused'));
    }
  });

  it('down, and then there again', async () => {
    provider.faults = { handlers: { [path]: (request) => request.socket.destroy() } };
    expect(await begun()).toEqual(UNAVAILABLE);
    provider.faults = {};
    expect(await new ExternalVisitor(fresh).signIn()).toEqual(SIGNED_IN);
  });

  it('at its token endpoint', async () => {
    for (const handler of [
      (_: unknown, response) => response.writeHead(503).end(),
      (_: unknown, response) =>
        response.writeHead(307, { Location: `${other.issuer}/token` }).end(),
    ] satisfies NonNullable<Faults['handlers']>[string][]) {
      provider.faults = { handlers: { '/token': handler } };
      expect(await new ExternalVisitor(fresh).signIn()).toEqual(UNAVAILABLE);
    }
  });

  it('answers that are no JSON, a list, or null', async () => {
    for (const text of ['<html>', '[]', 'null', '"x"', '{}']) {
      const handler = (
        _: unknown,
        response: {
          end: (text: string) => unknown;
          setHeader: (name: string, value: string) => unknown;
        },
      ) => {
        response.setHeader('Content-Type', 'application/json');
        response.end(text);
      };
      provider.faults = { handlers: { '/token': handler } };
      expect(await new ExternalVisitor(fresh).signIn()).toEqual(failed('auth.external_refused'));
    }
  });
});

it('keys that change on the way are asked for anew', async () => {
  provider.person = victim;
  const visitor = new ExternalVisitor(app);
  const callback = await authorized(visitor);
  await provider.rotateKeys();
  expect(destinationOf(await visitor.comeBack(callback))).toEqual(SIGNED_IN);
});

it('the secret of the client goes to the provider alone, and to no log or address', async () => {
  const address = await new ExternalVisitor(app).start();
  expect(address).not.toContain(encodeURIComponent(CLIENT_SECRET));
  expect(new URL(address).searchParams.get('code_challenge_method')).toBe('S256');
});

async function authorized(visitor: ExternalVisitor): Promise<string> {
  return visitor.authorize(await visitor.start({ returnTo: '/app' }));
}
