import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  claimsOf,
  forge,
  type Members,
  signerOf,
  signToken,
} from '../../builders/access-tokens.js';
import { signUp } from '../../builders/accounts.js';
import { refusalOf, refused } from '../../support/refusal.js';
import { startTestApp } from '../../support/test-app.js';

const INVALID = refused(401, 'access.token_invalid');

let app: Awaited<ReturnType<typeof startTestApp>>;
let claims: Members;

beforeAll(async () => {
  app = await startTestApp();
  claims = claimsOf((await signUp(app)).accessToken);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

const present = (token: string) => app.api.get('/auth/me', { token });
const expectInvalid = async (token: string) => {
  const answer = await present(token);
  expect(refusalOf(answer)).toEqual(INVALID);
  expect(answer.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
};

it.each([
  ['unknown', 'V1StGXR8_Z5jdHi6B-myT'],
  ['empty', ''],
  ['a path', '../../../../dev/null'],
  ['an absolute path', '/etc/passwd'],
  ['a URL', 'http://127.0.0.1/key.pem'],
  ['SQL', "x' OR '1'='1"],
  ['SQL that would bring its own key', "x' UNION SELECT 'a2V5'; --"],
  ['a shell command', '| sleep 5'],
  ['with a NUL', 'kid\0'],
  ['half a surrogate pair', '\ud800'],
  ['of 10 KB', 'k'.repeat(10_240)],
  ['just below the length at which tokens are refused unread', 'k'.repeat(5_000)],
  ['a number', 1],
  ['zero', 0],
  ['true', true],
  ['null', null],
  ['absent', undefined],
  ['a list', ['kid']],
  ['an object', { kid: 'kid' }],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['hasOwnProperty', 'hasOwnProperty'],
  ['toString', 'toString'],
])('refuses a kid that is %s, although the signature is right', async (_, kid) => {
  await expectInvalid(forge(app, claims, { kid }));
});

it('refuses a kid in another case, or with white space around it', async () => {
  const { kid } = signerOf(app);
  for (const spelling of [` ${kid}`, `${kid} `, `${kid}\n`, `${kid}=`, swapCase(kid)]) {
    await expectInvalid(forge(app, claims, { kid: spelling }));
  }
});

it.each([
  ['crit', ['exp']],
  ['crit', ['b64']],
  ['crit', []],
  ['crit', 'exp'],
  ['crit', null],
  ['b64', true],
  ['b64', false],
  ['b64', null],
])('refuses a header with %s %j, although the signature is right', async (name, value) => {
  await expectInvalid(forge(app, claims, { [name]: value }));
  await expectInvalid(forge(app, claims, { crit: ['b64'], b64: false, [name]: value }));
});

it('neither uses nor fetches a key that the header offers', async () => {
  const visits: string[] = [];
  const listener = createServer((socket) => {
    visits.push(String(socket.remotePort));
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/keys`;

  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: signerOf(app).kid, alg: 'ES256' };
  const der = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const offers: Members[] = [
    { jwk },
    { jku: url },
    { x5u: url },
    { x5c: [der] },
    { 'x5t#S256': der },
    { jwk, jku: url, x5u: url, x5c: [der] },
  ];
  for (const offer of offers) {
    const forger = { kid: signerOf(app).kid, algorithm: 'ES256', privateKey } as const;
    await expectInvalid(signToken(forger, claims, offer));
    await expectInvalid(signToken({ ...forger, kid: 'offered' }, claims, offer));
    // They are ignored, no more: a token that is genuine stays so.
    expect((await present(forge(app, claims, offer))).status).toBe(200);
  }
  expect(visits).toEqual([]);
  listener.close();
});

function swapCase(text: string): string {
  return text.replaceAll(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}
