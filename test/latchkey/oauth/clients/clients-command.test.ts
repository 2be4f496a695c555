import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postForm } from '../../../builders/clients.js';
import { CommonContext, runCommandLine } from '../../../support/command-line.js';
import { type Ended, freshDirectory } from '../../../support/service-process.js';
import { CHEAP_ENOUGH_FOR_TESTS, startTestApp } from '../../../support/test-app.js';
import { onThisMachine } from '../../../support/time-limits.js';

describe('clients on the command line', () => {
  const context = new CommonContext();
  let directory: Awaited<ReturnType<typeof freshDirectory>>;
  let app: Awaited<ReturnType<typeof startTestApp>>;
  beforeAll(async () => {
    directory = await freshDirectory();
    app = await startTestApp();
  });
  afterAll(async () => {
    await context.close();
    await app[Symbol.asyncDispose]();
    await directory.remove();
  });

  const cli = (...args: string[]): Promise<Ended> => {
    const env = { ...CHEAP_ENOUGH_FOR_TESTS, DATABASE_URL: app.stores.databaseUrl };
    return runCommandLine(['clients', ...args], { directory: directory.path, env, context });
  };
  const made = ({ output }: Ended) => {
    const [, id = '', secret = ''] = /^client_id=(.*)\nclient_secret=(.*)\n$/.exec(output) ?? [];
    return { id, secret };
  };
  const isLetIn = async (client: { id: string; secret: string }) =>
    (await postForm(app.api, '/oauth/introspect', { token: 'x' }, client)).status === 200;

  it(
    'are made, listed, given a new secret and deleted',
    async () => {
      const client = made(
        await cli('create', '--name', 'billing', '--role', 'admin', '--role', 'user'),
      );
      expect(await isLetIn(client)).toBe(true);
      const { output } = await cli('list');
      expect(output).toMatch(new RegExp(`^${client.id} +active +billing +admin,user\n$`));

      const last = made(await cli('rotate-secret', client.id, '--former-valid-seconds', '60'));
      expect([await isLetIn(client), await isLetIn(last)]).toEqual([true, true]);

      expect(await cli('delete', client.id)).toMatchObject({ exitCode: 0, errors: '' });
      expect(await isLetIn(last)).toBe(false);
    },
    onThisMachine(30_000),
  );

  it(
    'have facts that a developer enters into an app, the secret not among them',
    async () => {
      const redirectUri = 'https://shop.example/callback';
      const options = ['--name', 'shop', '--redirect-uri', redirectUri, '--scope', 'openid'];
      const { id } = made(await cli('create', ...options));
      const { output } = await cli('facts', id, '--json');
      expect(JSON.parse(output)).toEqual({
        issuer: CHEAP_ENOUGH_FOR_TESTS.JWT_ISSUER,
        discovery: `${CHEAP_ENOUGH_FOR_TESTS.JWT_ISSUER}/.well-known/openid-configuration`,
        client_id: id,
        token_endpoint_auth_method: 'client_secret_basic',
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [],
        backchannel_logout_uri: null,
        id_token_signed_response_alg: 'RS256',
        scope: 'openid',
        code_challenge_method: 'S256',
      });
      await cli('delete', id);
    },
    onThisMachine(30_000),
  );

  it(
    'are shown one a line, whatever was stored: nothing reaches the terminal but text',
    async () => {
      const name = 'billing\n0190f3c0  active    \u001b[2Aforged\u009b2K\u202e\u2028\u0007';
      const id = '0190f3c0-0000-7000-8000-00000000abcd';
      await app.stores.query(
        `INSERT INTO oauth_clients (id, name, secret_hash) VALUES ($1, $2, '')`,
        [id, name],
      );
      const { output } = await cli('list');
      expect(output.trimEnd()).toBe(
        `${id}  active    billing\\u000a0190f3c0  active    \\u001b[2Aforged\\u009b2K\\u202e\\u2028\\u0007`,
      );
      const refusal = await cli('delete', 'x', '--\u001b[31m');
      expect(refusal.exitCode).toBe(2);
      expect(refusal.errors).not.toContain('\u001b');
      await app.stores.query('DELETE FROM oauth_clients WHERE id = $1', [id]);
    },
    onThisMachine(30_000),
  );

  it.each([
    [['create', '--name', 'x', '--role', 'nobody'], /^roles names what does not exist: nobody/],
    [['delete', '0190f3c0-0000-7000-8000-000000000000'], /^There is no such client\.$/],
  ])('%j says what is wrong', async (args, message) => {
    const { exitCode, output, errors } = await cli(...args);
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: '' });
    expect(errors.trimEnd()).toMatch(message);
  });
});
