import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  claimsOf,
  encode,
  encodeJson,
  forge,
  headerOf,
  type Members,
  signerOf,
  signParts,
} from '../../builders/access-tokens.js';
import { signUp } from '../../builders/accounts.js';
import { sendRaw } from '../../support/raw-http.js';
import { startTestApp } from '../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let token: string;
let header: string;
let payload: string;
let signature: string;

beforeAll(async () => {
  app = await startTestApp();
  token = (await signUp(app)).accessToken;
  [header = '', payload = '', signature = ''] = token.split('.');
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

/** Written onto the socket as it stands: an HTTP client would tidy it up. */
async function present(bearer: string) {
  const { status, headers, body } = await sendRaw(app.origin, 'GET /auth/me', {
    Authorization: `Bearer ${bearer}`,
  });
  return { status, code: body?.code, challenge: headers.get('www-authenticate') };
}

const INVALID = {
  status: 401,
  code: 'access.token_invalid',
  challenge: 'Bearer error="invalid_token"',
};

describe('one token has one spelling', () => {
  const spellings: [string, () => string][] = [
    ['a tab before it', () => `\t${token}`],
    ['a space within', () => `${header}. ${payload}.${signature}`],
    ['a tab within', () => `${header}.\t${payload}.${signature}`],
    [
      'a space in the signature',
      () => `${header}.${payload}.${signature.slice(0, 9)} ${signature.slice(9)}`,
    ],
    ['quotation marks', () => `"${token}"`],
    ['a comma and another token', () => `${token},${token}`],
    ['a comma after it', () => `${token},`],
    ['padding after the header', () => `${pad(header)}.${payload}.${signature}`],
    ['padding after the payload', () => `${header}.${pad(payload)}.${signature}`],
    ['padding after the signature', () => `${header}.${payload}.${pad(signature)}`],
    ['needless padding', () => `${token}=`],
    ['base64 instead of base64url', () => token.split('.').map(toBase64).join('.')],
    ['a plus sign', () => `${header}.${payload}.${signature.slice(0, -1)}+`],
    ['an empty first part', () => `.${payload}.${signature}`],
    ['an empty second part', () => `${header}..${signature}`],
    ['a full stop before it', () => `.${token}`],
    ['a full stop after it', () => `${token}.`],
    ['two parts', () => `${header}.${payload}`],
    ['four parts', () => `${token}.${signature}`],
    ['five parts, as of a JWE', () => `${header}..${encode('iv')}.${payload}.${signature}`],
    ['five parts that begin with it', () => `${token}.${payload}.${signature}`],
    ['one part', () => signature],
    ['nothing but full stops', () => '..'],
    ['a letter from outside ASCII', () => `${header}.${payload}.${signature}é`],
    ['a NUL escape', () => `${token}%00`],
    ['percent-encoded full stops', () => token.replaceAll('.', '%2e')],
    ['its scheme twice', () => `Bearer ${token}`],
    ['JSON serialization, flattened', () => JSON.stringify(flattened())],
    ['JSON serialization, general', () => JSON.stringify(general())],
    ['JSON serialization in base64url', () => encodeJson(flattened())],
    ['8 KiB of padding', () => `${token}${'A'.repeat(8_192)}`],
  ];
  it.each(spellings)('refuses %s', async (_, spell) => {
    expect(await present(spell())).toEqual(INVALID);
  });

  it('refuses every other last character that decodes to the same bytes', async () => {
    const others = [header, payload, signature].flatMap((part, index) =>
      twinsOf(part).map((twin) => token.split('.').with(index, twin).join('.')),
    );
    expect(others.length).toBeGreaterThan(0);
    for (const other of others) expect(await present(other)).toEqual(INVALID);
  });

  it('refuses twins even when the signature covers them', async () => {
    const { algorithm, privateKey } = signerOf(app);
    // One character more or less moves the end of the part to where unused bits are.
    const payloads = ['', 'x', 'xx'].map((filler) => encodeJson({ ...claimsOf(token), filler }));
    const twins = payloads.flatMap(twinsOf);
    expect(twins.length).toBeGreaterThan(0);
    for (const twin of [...twins, pad(payload), `${payload}=`]) {
      const signed = signParts(`${header}.${twin}`, algorithm, privateKey);
      expect(await present(signed)).toEqual(INVALID);
    }
  });

  it('accepts the one spelling, again and again', async () => {
    for (const _ of [1, 2, 3]) expect(await present(token)).toMatchObject({ status: 200 });
  });
});

describe('what the parts hold, signed by the application’s own key', () => {
  it.each([
    ['no JSON', 'not json'],
    ['an empty payload', ' '],
    ['half an object', '{"sub":'],
    ['a list', '[]'],
    ['a text', '"text"'],
    ['a number', '1'],
    ['null', 'null'],
    ['true', 'true'],
    ['JSON within JSON', JSON.stringify(JSON.stringify({ sub: 'x' }))],
  ])('refuses a payload that is %s', async (_, text) => {
    expect(await present(forge(app, text))).toEqual(INVALID);
  });

  it.each(['not json', '[]', '"text"', '1', 'null', '{"alg":"ES256"'])(
    'refuses a header that is %s',
    async (text) => {
      const { algorithm, privateKey } = signerOf(app);
      const forged = signParts(`${encode(text)}.${payload}`, algorithm, privateKey);
      expect(await present(forged)).toEqual(INVALID);
    },
  );

  it.each([
    undefined,
    null,
    1,
    '',
    'JWT',
    'jwt',
    'at+JWT',
    'AT+JWT',
    'application/at+jwt',
    'rt+jwt',
    'logout+jwt',
    'secevent+jwt',
    ['at+jwt'],
  ])('refuses the typ %j', async (typ) => {
    expect(await present(forge(app, claimsOf(token), { typ }))).toEqual(INVALID);
  });

  it('accepts the same claims in any order and with white space', async () => {
    const claims: Members = Object.fromEntries(Object.entries(claimsOf(token)).reverse());
    expect(headerOf(token).typ).toBe('at+jwt');
    expect(await present(forge(app, JSON.stringify(claims, null, 2)))).toMatchObject({
      status: 200,
    });
  });
});

const pad = (part: string) => part.padEnd(Math.ceil((part.length + 1) / 4) * 4, '=');
const toBase64 = (part: string) => Buffer.from(part, 'base64url').toString('base64');
const flattened = () => ({ protected: header, payload, signature });
const general = () => ({ payload, signatures: [{ protected: header, signature }] });

/** The other texts of the same length that a lenient decoder reads as the same bytes. */
function twinsOf(part: string): string[] {
  const bytes = Buffer.from(part, 'base64url');
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return [...alphabet]
    .map((character) => part.slice(0, -1) + character)
    .filter((twin) => twin !== part && Buffer.from(twin, 'base64url').equals(bytes));
}
