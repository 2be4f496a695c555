import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, encodeJson, forge, type Members } from '../../builders/access-tokens.js';
import { type SignedIn, signUp } from '../../builders/accounts.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { atTime } from '../../support/stopped-clock.js';
import { ISSUER, startTestApp } from '../../support/test-app.js';

const INVALID = refused(401, 'access.token_invalid');
const EXPIRED = refused(401, 'access.token_expired');

/** By how much the clocks of issuer and verifier may differ. */
const LEEWAY_SECONDS = 30;
/** What `ACCESS_TOKEN_TTL_SECONDS` may be at most. */
const LONGEST_SECONDS = 3_600;
const A_MOMENT_SECONDS = 0.001;

let app: Awaited<ReturnType<typeof startTestApp>>;
let caller: SignedIn;

beforeAll(async () => {
  app = await startTestApp();
  caller = await signUp(app);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

const now = () => Math.floor(Date.now() / 1000);
const present = (token: string) => app.api.get('/auth/me', { token });
/** A token like the caller's own, with some claims changed; an undefined one is left out. */
const withClaims = (changes: Members) =>
  present(forge(app, { ...claimsOf(caller.accessToken), ...changes }));
const refusalWith = async (changes: Members) => {
  const answer = await withClaims(changes);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  return refusalOf(answer);
};

it('accepts the claims that it issued itself', async () => {
  expect((await withClaims({})).status).toBe(200);
});

describe('time', () => {
  it.each([
    ['missing', () => undefined],
    ['null', () => null],
    ['text', () => String(now() + 600)],
    ['an ISO date', () => new Date(Date.now() + 600_000).toISOString()],
    ['true', () => true],
    ['a list', () => [now() + 600]],
    ['an object', () => ({})],
  ])('refuses an exp that is %s', async (_, exp) => {
    expect(await refusalWith({ exp: exp() })).toEqual(INVALID);
  });

  it('refuses an exp that JSON reads as infinite', async () => {
    const claims = JSON.stringify({ ...claimsOf(caller.accessToken), exp: 0 });
    const endless = claims.replace('"exp":0', '"exp":1e999');
    expect(refusalOf(await present(forge(app, endless)))).toEqual(INVALID);
  });

  it.each([0, -1, 1])('says of an exp of %i that the token has expired', async (exp) => {
    expect(await refusalWith({ exp })).toEqual(EXPIRED);
  });

  it('accepts a token for half a minute after its exp, and no longer', async () => {
    const exp = now() + 600;
    const token = forge(app, { ...claimsOf(caller.accessToken), exp });
    const end = exp + LEEWAY_SECONDS;
    const lastMoment = await atTime(app, end - A_MOMENT_SECONDS, () => present(token));
    expect(lastMoment.status).toBe(200);
    // By now its signature is remembered: that does not make it live longer.
    const tooLate = await atTime(app, end, () => present(token));
    expect(refusalOf(tooLate)).toEqual(EXPIRED);
    expect((await present(token)).status).toBe(200);
  });

  it('accepts a token half a minute before its nbf, and no earlier', async () => {
    const nbf = now() + 300;
    const begin = nbf - LEEWAY_SECONDS;
    const tooEarly = await atTime(app, begin - A_MOMENT_SECONDS, () => withClaims({ nbf }));
    expect(refusalOf(tooEarly)).toEqual(INVALID);
    const firstMoment = await atTime(app, begin, () => withClaims({ nbf }));
    expect(firstMoment.status).toBe(200);
  });

  it.each([
    ['text', () => '0'],
    ['null', () => null],
    ['a list', () => [0]],
    ['years ahead', () => now() + 1e9],
  ])('refuses an nbf that is %s', async (_, nbf) => {
    expect(await refusalWith({ nbf: nbf() })).toEqual(INVALID);
  });

  it.each([1e300, 1e12])('refuses a token that ends at %d: none lives so long', async (exp) => {
    expect(await refusalWith({ exp })).toEqual(INVALID);
  });

  it('accepts a token that lives for as long as any may, and none that lives longer', async () => {
    const iat = now();
    const exp = iat + LONGEST_SECONDS + LEEWAY_SECONDS;
    expect((await withClaims({ iat, exp })).status).toBe(200);
    expect(await refusalWith({ iat, exp: exp + 1 })).toEqual(INVALID);
  });

  it('accepts a token half a minute before its iat, and no earlier, however well it is known', async () => {
    const iat = now() + 300;
    const token = forge(app, { ...claimsOf(caller.accessToken), iat, exp: iat + 900 });
    const begin = iat - LEEWAY_SECONDS;
    const firstMoment = await atTime(app, begin, () => present(token));
    expect(firstMoment.status).toBe(200);
    const tooEarly = await atTime(app, begin - A_MOMENT_SECONDS, () => present(token));
    expect(refusalOf(tooEarly)).toEqual(INVALID);
  });

  it.each([undefined, null, 'now', [1]])('refuses the iat %j', async (iat) => {
    expect(await refusalWith({ iat })).toEqual(INVALID);
  });
});

describe('issuer and audience', () => {
  it.each([
    undefined,
    null,
    '',
    'http://other.test',
    `${ISSUER}/`,
    ISSUER.toUpperCase(),
    `${ISSUER}.evil.test`,
    [ISSUER],
    [ISSUER, 'http://other.test'],
    { issuer: ISSUER },
  ])('refuses the iss %j', async (iss) => {
    expect(await refusalWith({ iss })).toEqual(INVALID);
  });

  it.each([
    undefined,
    null,
    '',
    'other',
    'LATCHKEY',
    'latchkey ',
    'latchkey2',
    [],
    ['other'],
    ['other', 'LATCHKEY'],
    [['latchkey']],
    { latchkey: true },
  ])('refuses the aud %j', async (aud) => {
    expect(await refusalWith({ aud })).toEqual(INVALID);
  });

  it.each([['latchkey'], [['latchkey']], [['other', 'latchkey']]])(
    'accepts the aud %j',
    async (aud) => {
      expect((await withClaims({ aud })).status).toBe(200);
    },
  );
});

describe('what a principal is made of', () => {
  const texts = ['sub', 'sid', 'jti', 'client_id'];
  it.each(texts)('refuses a token whose %s is no text', async (name) => {
    for (const value of [undefined, null, '', 1, [caller.userId], {}]) {
      expect(await refusalWith({ [name]: value })).toEqual(INVALID);
    }
  });

  it.each([
    [{ withheld: 'admin' }],
    [{ withheld: [7] }],
    [{ withheld: null }],
    [{ step_up: null }],
    [{ step_up: 'aal2' }],
    [{ step_up: { aal2: 'admin' } }],
    [{ step_up: { phr: [{}] } }],
  ])('refuses a token of %j', async (claims) => {
    expect(await refusalWith(claims)).toEqual(INVALID);
  });

  it.each(['roles', 'permissions', 'amr'])('refuses a token whose %s is no list', async (name) => {
    for (const value of [undefined, null, 'admin', { 0: 'admin' }, [1], [null], [['admin']]]) {
      expect(await refusalWith({ [name]: value })).toEqual(INVALID);
    }
  });

  it.each(['auth_time', 'uv', 'rv'])('refuses a token whose %s is no number', async (name) => {
    for (const value of [undefined, null, '1', [1], true]) {
      expect(await refusalWith({ [name]: value })).toEqual(INVALID);
    }
  });
});

describe('other tokens than access tokens', () => {
  it('refuses a refresh token as Bearer', async () => {
    expect(refusalOf(await present(caller.refreshToken))).toEqual(INVALID);
    const wrapped = `${encodeJson({ typ: 'at+jwt' })}.${caller.refreshToken}.AA`;
    expect(refusalOf(await present(wrapped))).toEqual(INVALID);
  });

  it.each(['/auth/refresh', '/auth/logout'])(
    'refuses an access token as the refresh token of %s',
    async (path) => {
      const answer = await app.api.post(path, {
        refreshToken: caller.accessToken.slice(0, 512),
      });
      expect(refusalOf(answer)).toEqual(refused(401, 'auth.refresh_invalid'));
    },
  );
});
