import { createPublicKey, createSecretKey, type JsonWebKey } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IDENTITY_HEADERS } from '../../../../src/latchkey/oauth/gateways/identity-headers.js';
import { generateSigningKey } from '../../../../src/latchkey/tokens/keys/store/signing-key-material.js';
import {
  claimsOf,
  encodeJson,
  forge,
  type Members,
  signerOf,
  signToken,
} from '../../../builders/access-tokens.js';
import { signIn } from '../../../builders/accounts.js';
import { clientToken, createClient } from '../../../builders/clients.js';
import { publishedKids } from '../../../builders/signing-keys.js';
import { ApiClient } from '../../../support/api-client.js';
import { runCommandLine } from '../../../support/command-line.js';
import { eventually } from '../../../support/eventually.js';
import { freshDirectory } from '../../../support/service-process.js';
import { valuesOf } from './echo-service.js';
import { GatewayStage } from './gateway-stage.js';
import { haproxy } from './installed-gateways.js';
import { VerifyingHaproxy } from './verifying-haproxy.js';

let stage: GatewayStage;
beforeAll(async () => {
  stage = await GatewayStage.start([]);
});
afterAll(() => stage.stop());

const rotate = () =>
  stage.app.api.post('/admin/keys/rotate', { force: true }, { token: stage.admin.accessToken });
const revoke = (kid: string) =>
  stage.app.api.post(
    `/admin/keys/${kid}/revoke`,
    { reason: 'It may have been stolen.' },
    { token: stage.admin.accessToken },
  );

describe('keys export', () => {
  const run = (...args: string[]) =>
    runCommandLine(['keys', 'export', ...args], {
      directory: process.cwd(),
      env: stage.behind.environment,
    });

  it('leaves exactly the published keys behind, and what is no key alone', async () => {
    const directory = await freshDirectory();
    const former = `${'f'.repeat(43)}.pem`;
    await writeFile(join(directory.path, former), 'a key that is gone');
    await writeFile(join(directory.path, 'ca.pem'), 'of somebody else');
    const { exitCode, output } = await run('--directory', directory.path);
    const { body } = await stage.app.api.get('/.well-known/jwks.json');
    const kids: string[] = body.keys.map(({ kid }: { kid: string }) => kid);
    expect(exitCode).toBe(0);
    const lines = [...kids.map((kid) => `${kid}.pem written`), `${former} removed`];
    expect(output.trim().split('\n').sort()).toEqual(lines.sort());
    const files = [...kids.map((kid) => `${kid}.pem`), 'ca.pem'];
    expect((await readdir(directory.path)).sort()).toEqual(files.sort());
    for (const key of body.keys as (JsonWebKey & { kid: string })[]) {
      const pem = await readFile(join(directory.path, `${key.kid}.pem`), 'utf8');
      expect(pem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
      const { x, y } = createPublicKey(pem).export({ format: 'jwk' });
      expect({ x, y }).toEqual({ x: key.x, y: key.y });
    }
    await directory.remove();
  });

  it('asks where to', async () => {
    const { exitCode, errors } = await run();
    expect({ exitCode, errors }).toEqual({
      exitCode: 2,
      errors: expect.stringMatching(/^Required option '--directory <path>' not specified\n/),
    });
  });
});

for (const program of haproxy === null ? [] : [haproxy]) {
  describe('HAProxy by itself', () => {
    let gateway: VerifyingHaproxy;
    beforeAll(async () => {
      gateway = await VerifyingHaproxy.start(program, stage.behind);
    });
    afterAll(() => gateway.stop());

    const get = (path: string, token?: string) =>
      new ApiClient(gateway.origin).get(path, { token });
    const claims = () => claimsOf(stage.caller.accessToken);
    const expectRefused = async (token: string | undefined, code: string) => {
      const { length } = stage.service.seen;
      const { status, headers, body } = await get('/orders', token);
      expect({ status, code: body?.code }).toEqual({ status: 401, code });
      expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(stage.service.seen.length).toBe(length);
    };

    it('tells the service of a user and of a calling service what Latchkey tells', async () => {
      const client = await createClient(stage.app.api, stage.admin, ['reader', 'user']);
      const tokens = [stage.reader.accessToken, await clientToken(stage.app.api, client)];
      for (const token of [...tokens, stage.caller.accessToken, stage.admin.accessToken]) {
        const { headers } = await stage.app.api.get('/auth/verify', { token });
        const { status, body } = await get('/orders', token);
        expect(status).toBe(200);
        for (const name of IDENTITY_HEADERS) {
          expect([name, valuesOf(body, name).join()]).toEqual([name, headers.get(name)]);
        }
      }
    });

    const badTokens: [string, () => string | Promise<string>][] = [
      ['no token at all', () => ''],
      ['text', () => 'token'],
      [
        'an unsigned token',
        () => `${encodeJson({ alg: 'none', typ: 'at+jwt' })}.${encodeJson(claims())}.`,
      ],
      [
        'an unsigned token that names our key',
        () =>
          `${encodeJson({ alg: 'none', typ: 'at+jwt', kid: signerOf(stage.app).kid })}.${encodeJson(claims())}.`,
      ],
      ['a token signed with the public key as a secret', signedWithPublicKey],
      [
        'another key by the name of ours',
        async () => {
          const { kid, algorithm } = signerOf(stage.app);
          const { privateKey } = await generateSigningKey('ES256');
          return signToken({ kid, algorithm, privateKey }, claims());
        },
      ],
      ['an unknown key', () => forge(stage.app, claims(), { kid: 'f'.repeat(43) })],
      ['no key', () => forge(stage.app, claims(), { kid: undefined })],
      ['a path in place of the key', () => forge(stage.app, claims(), { kid: '../../keys/x' })],
      ['another algorithm', () => forge(stage.app, claims(), { alg: 'RS256' })],
      ['another type', () => forge(stage.app, claims(), { typ: 'JWT' })],
      ['no type', () => forge(stage.app, claims(), { typ: undefined })],
      ['something critical', () => forge(stage.app, claims(), { crit: ['b64'], b64: true })],
      ['another issuer', () => forged({ iss: 'http://elsewhere.test' })],
      ['no issuer', () => forged({ iss: undefined })],
      ['another audience', () => forged({ aud: 'elsewhere' })],
      ['no audience', () => forged({ aud: undefined })],
      ['no expiry', () => forged({ exp: undefined })],
      [
        'claims that were changed',
        () => {
          const [header, , signature] = stage.caller.accessToken.split('.');
          return `${header}.${encodeJson({ ...claims(), roles: ['admin'] })}.${signature}`;
        },
      ],
      ['a signature that is cut short', () => stage.caller.accessToken.slice(0, -8)],
      ['no signature', () => stage.caller.accessToken.replace(/[^.]*$/, '')],
      ['two parts', () => stage.caller.accessToken.replace(/[.][^.]*$/, '')],
    ];
    it.each(badTokens)('refuses %s', async (_, token) => {
      await expectRefused((await token()) || undefined, 'access.token_invalid');
    });
    const forged = (members: Members) => forge(stage.app, { ...claims(), ...members });

    async function signedWithPublicKey(): Promise<string> {
      const { kid } = signerOf(stage.app);
      const pem = await readFile(join(gateway.directory, 'keys', `${kid}.pem`));
      const signer = { kid, algorithm: 'HS256' as const, privateKey: createSecretKey(pem) };
      return signToken(signer, claims());
    }

    it('refuses an expired token', async () => {
      const now = Math.floor(Date.now() / 1000);
      for (const exp of [now - 1, 0, -1, 'never']) {
        await expectRefused(forged({ exp }), 'access.token_expired');
      }
      expect((await get('/orders', forged({ exp: now + 60 }))).status).toBe(200);
    });

    it.each([
      [['reports:read'], 200],
      [['orders:read', 'reports:*'], 200],
      [['*'], 200],
      [[], 403],
      [['reports:write', 'reports:reader', 'my-reports:read', 'report:*'], 403],
    ])('a caller with the permissions %j may read reports: %i', async (permissions, status) => {
      expect((await get('/reports', forged({ permissions }))).status).toBe(status);
    });

    it('takes no other claim for the roles', async () => {
      const text = '","roles":["admin"],"permissions":["*"],"x":"';
      for (const members of [{ roles: [], permissions: [], note: text }, { client_id: text }]) {
        const token = forged(members);
        const { body } = await get('/orders', token);
        expect(valuesOf(body, 'X-Auth-Roles').join()).toBe('');
        expect((await get('/reports', token)).status).toBe(403);
      }
    });

    it('knows of no revocation, as its documentation says', async () => {
      const { accessToken: token } = await signIn(stage.app.api, stage.caller.email);
      await stage.app.api.post('/auth/logout', undefined, { token });
      expect((await stage.app.api.get('/auth/verify', { token })).status).toBe(401);
      expect((await get('/orders', token)).status).toBe(200);
    });

    it('lets nobody through without any key, and says that it is not the client’s fault', async () => {
      const keyless = await VerifyingHaproxy.start(program, stage.behind, 'true');
      const api = new ApiClient(keyless.origin);
      const { status, headers } = await api.get('/orders', { token: stage.caller.accessToken });
      expect({ status, retryAfter: headers.get('retry-after') }).toEqual({
        status: 503,
        retryAfter: '1',
      });
      expect((await api.get('/public/hours')).status).toBe(200);
      await keyless.stop();
    });

    it('follows rotations and revocations of keys through update-keys.sh', async () => {
      const token = async () => (await signIn(stage.app.api, stage.caller.email)).accessToken;
      const first = signerOf(stage.app).kid;
      const old = await token();
      await rotate();
      // The next key had been published, and so exported, before it signed.
      const second = await token();
      expect((await get('/orders', second)).status).toBe(200);

      await rotate();
      const third = await token();
      await expectRefused(third, 'access.token_invalid');
      await gateway.updateKeys();
      await eventually(async () => expect((await get('/orders', third)).status).toBe(200), {
        within: 5,
      });
      for (const former of [old, second]) expect((await get('/orders', former)).status).toBe(200);

      expect((await revoke(first)).status).toBeLessThan(300);
      for (const commands of [{ LATCHKEY: 'false' }, { RELOAD: 'false' }]) {
        await expect(gateway.updateKeys(commands)).rejects.toThrow('update-keys.sh');
        expect((await get('/orders', third)).status).toBe(200);
      }
      await gateway.updateKeys();
      await eventually(() => expectRefused(old, 'access.token_invalid'), { within: 5 });
      expect((await get('/orders', third)).status).toBe(200);
      const names = await readdir(join(gateway.directory, 'keys'));
      expect(names.sort()).toEqual((await publishedKids(stage.app.api)).map((kid) => `${kid}.pem`));
    });
  });
}
