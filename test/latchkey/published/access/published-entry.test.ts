import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ExampleService } from './example-service.js';
import { ForeignProject } from './foreign-project.js';
import { TestIssuer } from './test-issuer.js';

const EXPORTED = [
  'AccessModule',
  'CurrentUser',
  'LatchkeyError',
  'Public',
  'RequirePermissions',
  'Roles',
  'StartupError',
  'VerifyAccessToken',
  'createAccessTokenVerifier',
];

let project: ForeignProject;
let issuer: TestIssuer;
beforeAll(async () => {
  [project, issuer] = await Promise.all([ForeignProject.create(), TestIssuer.start()]);
}, 120_000);
afterAll(async () => {
  await Promise.all([project.remove(), issuer.close()]);
});

describe('latchkey/access, as it is packed', () => {
  it('can be imported', async () => {
    await project.write('esm.mjs', `console.log(${names("await import('latchkey/access')")})`);
    expect(JSON.parse(await project.node('esm.mjs'))).toEqual(EXPORTED);
  });

  it('can be required', async () => {
    await project.write('cjs.cjs', `console.log(${names("require('latchkey/access')")})`);
    expect(JSON.parse(await project.node('--no-warnings', 'cjs.cjs'))).toEqual(EXPORTED);
  });

  it('hides everything else', async () => {
    const script = "import('latchkey/dist/main.js').catch(({ code }) => console.log(code))";
    expect(await project.node('-e', script)).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED\n');
  });

  it.each([
    ['without Redis', {}, []],
    ['with Redis', { redisUrl: 'redis://127.0.0.1:1' }, ['ioredis']],
  ])(
    'loads neither database nor hashing, and a Redis client only for Redis: %s',
    async (_, more, loaded) => {
      const options = JSON.stringify({ ...issuer.options, ...more });
      await project.write(
        'loads.mjs',
        `import { register } from 'node:module';
       import { MessageChannel } from 'node:worker_threads';
       const { port1, port2 } = new MessageChannel();
       const urls = new Set();
       port1.on('message', (url) => urls.add(url)).unref();
       register('./load-hooks.mjs', import.meta.url, { data: port2, transferList: [port2] });
       const { Logger } = await import('@nestjs/common');
       Logger.overrideLogger(false);
       const { createAccessTokenVerifier } = await import('latchkey/access');
       const verifier = createAccessTokenVerifier(${options});
       const { code } = await verifier.verifyAccessToken('x').catch((error) => error);
       await verifier.close();
       const { default: Module } = await import('node:module');
       const files = [...urls, ...Object.keys(Module._cache)];
       const packages = files.map((file) => /.*node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1]);
       console.log(JSON.stringify({ code, packages: [...new Set(packages)] }));`,
      );
      await project.write(
        'load-hooks.mjs',
        `let port;
       export const initialize = (given) => { port = given; };
       export const load = (url, context, next) => { port.postMessage(url); return next(url, context); };`,
      );
      const { code, packages } = JSON.parse(await project.node('loads.mjs'));
      expect(code).toBe('access.token_invalid');
      expect(packages).toEqual(
        expect.arrayContaining(['latchkey', 'jsonwebtoken', '@nestjs/common']),
      );
      const heavy = ['typeorm', '@nestjs/typeorm', 'pg', 'argon2', 'bcrypt', 'ioredis', 'fastify'];
      expect(packages.filter((name: string) => heavy.includes(name))).toEqual(loaded);
    },
  );

  it('has types that hold for a consumer, and refuse what is wrong', async () => {
    await project.write('tsconfig.json', JSON.stringify(CONSUMER));
    await project.write('app.ts', CONSUMER_CODE);
    const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc');
    const result = await project.node(tsc, '-p', project.path).catch(({ stdout }) => stdout);
    expect(result).toBe('');
  }, 120_000);
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

const names = (loaded: string) => `JSON.stringify(Object.keys(${loaded}).sort())`;

const CONSUMER = {
  compilerOptions: {
    module: 'nodenext',
    target: 'es2023',
    strict: true,
    noEmit: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    types: ['node'],
  },
  files: ['app.ts'],
};

const CONSUMER_CODE = `
import { Controller, Get, Module } from '@nestjs/common';
import { AccessModule, createAccessTokenVerifier, CurrentUser, Public, RequirePermissions, Roles } from 'latchkey/access';
import type { AccessOptions, CallerDemands, Principal } from 'latchkey/access';

@Controller()
class Notes {
  @Get()
  @Roles('user')
  @RequirePermissions('notes:read')
  mine(@CurrentUser() { userId, claims }: Principal): [string, unknown] {
    return [userId, claims.tenant];
  }

  @Get('all')
  @Public()
  all(): void {}
}

const options: AccessOptions = { issuer: 'a', audience: 'b', jwksUri: 'c' };

@Module({
  imports: [
    AccessModule.forRoot(options),
    AccessModule.forRootAsync({ inject: ['x'], useFactory: async (_: string) => options }),
  ],
  controllers: [Notes],
})
export class App {}

const demands: CallerDemands = { roles: ['user'] };
const verifier = createAccessTokenVerifier(options);
export const principal: Promise<Principal> = verifier.verifyAccessToken('token', demands);

// @ts-expect-error a misspelt option
AccessModule.forRoot({ ...options, redisUri: 'redis://localhost' });
// @ts-expect-error an option that is missing
createAccessTokenVerifier({ issuer: 'a', audience: 'b' });
// @ts-expect-error no role at all
Roles();
`;
