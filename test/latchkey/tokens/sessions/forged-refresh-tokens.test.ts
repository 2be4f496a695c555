import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SignedIn, signUp } from '../../../builders/accounts.js';
import { partsOf, refresh, rotate, tokenOf } from '../../../builders/sessions.js';
import { startTestApp, type TestApp } from '../../../support/test-app.js';

type Forge = (victim: string, attacker: string, accessToken: string) => string;

const flipLastBit = (bytes: Buffer) => {
  const flipped = Buffer.from(bytes);
  flipped.writeUInt8(flipped.readUInt8(flipped.length - 1) ^ 1, flipped.length - 1);
  return flipped;
};
const generation = (number: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
};

const FORGERIES: [string, Forge][] = [
  ['a token with another MAC', (victim) => tokenOf({ ...partsOf(victim), mac: randomBytes(32) })],
  [
    'a token with one bit of its MAC changed',
    (victim) => tokenOf({ ...partsOf(victim), mac: flipLastBit(partsOf(victim).mac) }),
  ],
  ['a token with an empty MAC', (victim) => tokenOf({ ...partsOf(victim), mac: Buffer.alloc(32) })],
  [
    'the first generation, which the session has long left',
    (victim) => tokenOf({ ...partsOf(victim), generation: generation(0) }),
  ],
  [
    'the next generation, which has not been issued',
    (victim) => tokenOf({ ...partsOf(victim), generation: generation(3) }),
  ],
  [
    'the last generation there can be',
    (victim) => tokenOf({ ...partsOf(victim), generation: generation(2 ** 32 - 1) }),
  ],
  [
    'somebody’s own token that names the victim’s session',
    (victim, attacker) => tokenOf({ ...partsOf(attacker), sessionId: partsOf(victim).sessionId }),
  ],
  [
    'a session that there is not',
    (victim) => tokenOf({ ...partsOf(victim), sessionId: randomBytes(16) }),
  ],
  ['a token cut by one character', (victim) => victim.slice(0, -1)],
  ['half a token', (victim) => victim.slice(0, victim.length / 2)],
  ['a token with one character more', (victim) => `${victim}A`],
  ['a token with white space', (victim) => ` ${victim}`],
  ['a token with padding', (victim) => `${victim}==`],
  ['a token with another prefix', (victim) => victim.replace('lkr_', 'rt_')],
  ['a token without its prefix', (victim) => victim.slice(4)],
  ['a token in capitals', (victim) => victim.toUpperCase()],
  ['the prefix alone', () => 'lkr_'],
  ['an access token', (_victim, _attacker, accessToken) => accessToken],
  ['an access token as long as they get', (_victim, _attacker, token) => token.padEnd(4096, 'A')],
  ['a UUID', () => '019312ab-cdef-7123-8456-789abcdef012'],
  ['SQL', () => `lkr_' OR '1'='1`],
  ['a path', () => '../../etc/passwd'],
];

describe('a refresh token that nobody issued', () => {
  let app: TestApp & AsyncDisposable;
  let victim: SignedIn;
  let attacker: SignedIn;
  /** The victim's token after two rotations. */
  let current: string;
  beforeAll(async () => {
    app = await startTestApp();
    [victim, attacker] = await Promise.all([signUp(app), signUp(app)]);
    current = (await rotate(app.api, victim.refreshToken, 2)).at(-1) ?? '';
  });
  afterAll(async () => app[Symbol.asyncDispose]());

  const everything = () =>
    app.stores.query(`
      SELECT (SELECT json_agg(s ORDER BY id) FROM sessions s) AS sessions,
        (SELECT count(*) FROM audit_events WHERE action <> 'token.forged') AS events,
        (SELECT count(*) FROM revocation_log) AS revocations`);
  const forged = (forge: Forge) => forge(current, attacker.refreshToken, victim.accessToken);

  it.each(FORGERIES)('%s refreshes nothing and changes nothing', async (_what, forge) => {
    const before = await everything();

    const answer = await refresh(app.api, forged(forge));

    expect(answer).toMatchObject({ status: 401, body: { code: 'auth.refresh_invalid' } });
    expect(await everything()).toEqual(before);
  });

  it.each(FORGERIES)('%s signs nobody out', async (_what, forge) => {
    const before = await everything();

    const answer = await app.api.post('/auth/logout', { refreshToken: forged(forge) });

    expect(answer).toMatchObject({ status: 401, body: { code: 'auth.refresh_invalid' } });
    expect(await everything()).toEqual(before);
  });

  it.each(FORGERIES)('%s in the cookie signs nobody out either', async (_what, forge) => {
    const before = await everything();
    const cookie = `__Host-latchkey=${encodeURIComponent(forged(forge))}`;

    const refreshed = await app.api.post('/auth/refresh', undefined, { cookie });
    const left = await app.api.post('/auth/logout', undefined, { cookie });

    expect(refreshed).toMatchObject({ status: 401, body: { code: 'auth.refresh_invalid' } });
    expect(left.status).toBe(204);
    expect(await everything()).toEqual(before);
  });

  it('says no more of a session that exists than of one that does not', async () => {
    const answers = await Promise.all(
      [partsOf(current).sessionId, randomBytes(16)].map((sessionId) =>
        refresh(app.api, tokenOf({ ...partsOf(attacker.refreshToken), sessionId })),
      ),
    );

    const [existing, unknown] = answers.map(({ status, body }) => {
      const { requestId: _, ...said } = body;
      return { status, said };
    });
    expect(existing).toEqual(unknown);
  });

  it('leaves the victim’s own token as good as it was', async () => {
    for (const [, forge] of FORGERIES) await refresh(app.api, forged(forge));

    expect((await refresh(app.api, current)).status).toBe(200);
    expect((await app.api.get('/auth/me', { token: victim.accessToken })).status).toBe(200);
  });
});
