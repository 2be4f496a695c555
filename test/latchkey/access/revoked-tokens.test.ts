import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimsOf, forge, signerOf, signToken } from '../../builders/access-tokens.js';
import { type SignedIn, signIn, signUp } from '../../builders/accounts.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

const present = (token: string) => app.api.get('/auth/me', { token });
const statusOf = async (token: string) => (await present(token)).status;
const signOut = ({ accessToken }: SignedIn) =>
  app.api.post('/auth/logout', undefined, { token: accessToken });

describe('a token of a session that has ended', () => {
  const encodings: [string, (token: string) => string][] = [
    ['as it was', (token) => token],
    ['with the signature’s mathematical twin', twinSignature],
    ['signed once more', (token) => forge(app, claimsOf(token))],
    ['with another jti', (token) => forge(app, { ...claimsOf(token), jti: 'another' })],
    ['issued a little later', (token) => forge(app, laterBy(20, token))],
    ['with other white space', (token) => forge(app, JSON.stringify(claimsOf(token), null, 1))],
    ['with a longer header', (token) => forge(app, claimsOf(token), { x: 'x' })],
    ['with more claims', (token) => forge(app, { ...claimsOf(token), extra: true })],
  ];

  it.each(encodings)('stays refused %s, seen before or not', async (_, encode) => {
    const ended = await signUp(app);
    const other = await signIn(app.api, ended.email);
    const seen = encode(ended.accessToken);
    expect(await statusOf(seen)).toBe(200);

    expect((await signOut(ended)).status).toBe(204);

    for (const token of [seen, encode(ended.accessToken)]) {
      expect(refusalOf(await present(token))).toEqual(refused(401, 'access.token_revoked'));
    }
    expect(await statusOf(encode(other.accessToken))).toBe(200);
  });
});

it('ends nobody’s session at the word of a forged token', async () => {
  const victim = await signUp(app);
  const { kid } = signerOf(app);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const claims = claimsOf(victim.accessToken);
  const [header, payload] = victim.accessToken.split('.');
  const forgeries = [
    signToken({ kid, algorithm: 'ES256', privateKey }, claims),
    `${header}.${payload}.AAAA`,
    forge(app, { ...claims, aud: 'other' }),
    forge(app, claims, { typ: 'JWT' }),
  ];
  for (const token of forgeries) {
    const answer = await app.api.post('/auth/logout', undefined, { token });
    expect(refusalOf(answer)).toEqual(refused(401, 'access.token_invalid'));
  }
  expect(await statusOf(victim.accessToken)).toBe(200);
});

function laterBy(seconds: number, token: string) {
  const { iat, exp, ...rest } = claimsOf(token);
  return { ...rest, iat: Number(iat) + seconds, exp: Number(exp) + seconds };
}

/** For an ECDSA signature (r, s) the pair (r, n - s) is as good: one token, two texts. */
function twinSignature(token: string): string {
  const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
  const [header, payload, signature = ''] = token.split('.');
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const twin = (order - s).toString(16).padStart(64, '0');
  const twinBytes = Buffer.concat([bytes.subarray(0, 32), Buffer.from(twin, 'hex')]);
  return `${header}.${payload}.${twinBytes.toString('base64url')}`;
}
