import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signerOf } from '../../../builders/access-tokens.js';
import { signUp } from '../../../builders/accounts.js';
import { partsOf, tokenOf } from '../../../builders/sessions.js';
import { refusalOf, refused } from '../../../support/refusal.js';
import { copyDatabase, findSecrets } from '../../../support/store-copies.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

it('makes no refresh token of what a copy of the database holds', async () => {
  const { sessionId, refreshToken, accessToken: token } = await signUp(app);
  const [row] = await app.stores.query<{ key: Buffer }>(
    'SELECT family_key AS key FROM sessions WHERE id = $1',
    [sessionId],
  );
  const key = row?.key ?? Buffer.alloc(0);
  expect(key).toHaveLength(32);
  const parts = partsOf(refreshToken);
  const body = Buffer.concat([parts.sessionId, parts.generation]);
  const hmac = (data: Buffer | string) => createHmac('sha256', key).update(data).digest();
  const label = 'latchkey/refresh-token/v1\0';
  const guesses = [key, hmac(body), hmac(''), hmac(Buffer.concat([Buffer.from(label), body]))];
  for (const mac of guesses) {
    const answer = await app.api.post('/auth/refresh', {
      refreshToken: tokenOf({ ...parts, mac }),
    });
    expect(refusalOf(answer)).toEqual(refused(401, 'auth.refresh_invalid'));
  }
  expect((await app.api.get('/auth/me', { token })).status).toBe(200);
});

it('shows no signing key to whoever has a copy of the database', async () => {
  const { privateKey, kid } = signerOf(app);
  const { d = '' } = privateKey.export({ format: 'jwk' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const copy = await copyDatabase(app.stores);
  expect(copy.includes(kid)).toBe(true);
  const spellings = {
    'the private number': Buffer.from(d, 'base64url'),
    DER: privateKey.export({ type: 'pkcs8', format: 'der' }),
    PEM: pem.replaceAll(/-----[^-]+-----|\n/g, ''),
  };
  expect(findSecrets(copy, spellings)).toEqual([]);
  expect(copy.match(/PRIVATE KEY|"d":/)).toBeNull();
});
