import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onThisMachine } from '../../../support/time-limits.js';
import { ExampleService } from './example-service.js';
import { ForeignProject } from './foreign-project.js';
import { TestIssuer } from './test-issuer.js';

const run = promisify(execFile);

const EXPORTED = [
  'AccessModule',
  'CurrentUser',
  'LatchkeyError',
  'Public',
  'RequireAssurance',
  'RequirePermissions',
  'RequireScopes',
  'Roles',
  'StartupError',
  'VerifyAccessToken',
  'createAccessTokenVerifier',
];

let project: ForeignProject;
let issuer: TestIssuer;
beforeAll(async () => {
  [project, issuer] = await Promise.all([ForeignProject.create(), TestIssuer.start()]);
}, onThisMachine(120_000));
afterAll(async () => {
  await Promise.all([project.remove(), issuer.close()]);
});

describe('latchkey/access, in a clone', () => {
  const node = async (...args: string[]) => (await run(process.execPath, args)).stdout;

  it.each([
    ['an ES module', '--input-type=module', "import * as access from 'latchkey/access';"],
    ['CommonJS', '--input-type=commonjs', "const access = require('latchkey/access');"],
  ])('can be had from %s', async (_, type, load) => {
    const program = `${load} console.log(JSON.stringify(Object.keys(access).sort()))`;
    expect(JSON.parse(await node('--no-warnings', type, '--eval', program))).toEqual(EXPORTED);
  });

  it('hides everything else', async () => {
    const script = "import('latchkey/dist/main.js').catch(({ code }) => console.log(code))";
    expect(await node('-e', script)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });
});

describe('the examples', () => {
  const env = () => ({
    ISSUER: issuer.options.issuer,
    AUDIENCE: issuer.options.audience,
    JWKS_URI: issuer.options.jwksUri,
  });
  const get = async (origin: string, path: string, token?: string) => {
    const headers = token === undefined ? undefined : { Authorization: `Bearer ${token}` };
    return (await fetch(origin + path, { headers })).status;
  };

  it('the orders service guards its routes', async () => {
    await project.addExample('orders-service');
    const name = 'orders-service';
    const service = await ExampleService.start(project, name, env());
    const { origin } = service;
    expect(await get(origin, '/orders/mine')).toBe(401);
    expect(await get(origin, '/orders/mine', issuer.token({ permissions: [] }))).toBe(200);
    expect(await get(origin, '/orders', issuer.token({ permissions: [] }))).toBe(403);
    expect(await get(origin, '/orders', issuer.token())).toBe(200);
    expect((await service.stop()).errors).toBe('');
  });

  it('the plain service verifies without Nest', async () => {
    await project.addExample('plain-node-service');
    const service = await ExampleService.start(project, 'plain-node-service', env());
    expect(await get(service.origin, '/')).toBe(401);
    expect(await get(service.origin, '/', issuer.token())).toBe(200);
    expect(await service.stop()).toMatchObject({ exitCode: 0, errors: '' });
  });

  it('npm run example starts the orders service of a clone', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
    const [, ...args] = scripts.example.split(' ');
    const service = await ExampleService.run(args, process.cwd(), env());
    expect(await get(service.origin, '/orders/mine', issuer.token())).toBe(200);
    await service.stop();
  });
});
