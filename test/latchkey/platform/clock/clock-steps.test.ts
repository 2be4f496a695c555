import { DataSource } from 'typeorm';
import { afterEach, expect, it, vi } from 'vitest';
import { AccessTokens } from '../../../../src/latchkey/tokens/access-tokens/access-tokens.js';
import { type SignedIn, signUp } from '../../../builders/accounts.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';

const STEP_MILLISECONDS = 5 * 60_000;
const TTL_SECONDS = 60;
const SETTINGS = { ACCESS_TOKEN_TTL_SECONDS: String(TTL_SECONDS) };
const FACTS = { roles: ['user'], permissions: [], demanding: [], userVersion: 1, rolesVersion: 1 };

const realNow = Date.now.bind(Date);

afterEach(() => {
  vi.restoreAllMocks();
});

it.each([
  ['ahead', STEP_MILLISECONDS],
  ['behind', -STEP_MILLISECONDS],
])(
  'on a machine whose clock is 5 minutes %s, tokens live as long as anywhere else',
  async (_, step) => {
    stepClock(step);
    await using app = await startTestApp(SETTINGS);
    await livesAndDies(app);
  },
);

it('a clock that is set 5 minutes forward and back again neither ends a token nor revives one', async () => {
  await using app = await startTestApp(SETTINGS);
  const expired = await livesAndDies(app);
  for (const step of [STEP_MILLISECONDS, -STEP_MILLISECONDS, 0]) {
    stepClock(step);
    await livesAndDies(app);
    expect(await codeOf(app, expired)).toBe('access.token_expired');
  }
});

/** @returns a token that has expired */
async function livesAndDies(app: TestApp): Promise<string> {
  const session = await signUp(app);
  expect(await codeOf(app, session.accessToken)).toBeUndefined();
  const expired = await issue(app, session, TTL_SECONDS + 30 + 5);
  expect(await codeOf(app, expired)).toBe('access.token_expired');
  const inLeeway = await issue(app, session, TTL_SECONDS + 15);
  expect(await codeOf(app, inLeeway)).toBeUndefined();
  return expired;
}

async function issue(app: TestApp, session: SignedIn, secondsAgo: number): Promise<string> {
  const { userId, sessionId } = session;
  const subject = {
    id: sessionId,
    userId,
    grant: null,
    clientId: 'latchkey',
    authTime: 0,
    amr: ['pwd'],
    acr: 'aal1' as const,
    data: {},
    version: 0,
    seenLiveAtMilliseconds: realNow() - secondsAgo * 1_000,
  };
  const tokens = app.nest.get(AccessTokens, { strict: false });
  const { manager } = app.nest.get(DataSource, { strict: false });
  return (await tokens.issue(subject, { ...FACTS, userId }, manager)).accessToken;
}

async function codeOf(app: TestApp, token: string): Promise<string | undefined> {
  return (await app.api.get('/auth/me', { token })).body.code;
}

function stepClock(milliseconds: number): void {
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + milliseconds);
}
