import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPackages } from '../../support/build-packages.js';
import { RESOLUTIONS, type Resolution, typeErrors } from '../../support/consumer-types.js';
import { PackageRegistry } from '../../support/package-registry.js';
import { freshDirectory } from '../../support/service-process.js';
import { onThisMachine } from '../../support/time-limits.js';
import { TestIssuer } from './access/test-issuer.js';

const KILOBYTE = 1024;
const ALL = Object.keys(RESOLUTIONS) as Resolution[];

let registry: PackageRegistry;
let issuer: TestIssuer;
let work: Awaited<ReturnType<typeof freshDirectory>>;
/** A browser app's project, a plain service's, and one that has Nest and a Redis client as well. */
let app: string;
let service: string;
let nest: string;
beforeAll(async () => {
  [registry, issuer, work] = await Promise.all([
    PackageRegistry.start(),
    TestIssuer.start(),
    freshDirectory(),
  ]);
  await buildPackages(work.path);
  [app, service, nest] = (await Promise.all(['app', 'service', 'nest'].map(emptyProject))) as [
    string,
    string,
    string,
  ];
  await Promise.all([
    registry.npm(join(work.path, 'latchkey-access'), 'publish'),
    registry.npm(work.path, 'pack', './latchkey-client'),
  ]);
  const { version } = JSON.parse(await readFile('package.json', 'utf8'));
  await Promise.all([
    registry.npm(app, 'install', `../latchkey-client-${version}.tgz`),
    registry.npm(service, 'install', 'latchkey-access'),
  ]);
  await cp(join(service, 'node_modules'), join(nest, 'node_modules'), { recursive: true });
  await mkdir(join(nest, 'node_modules/@nestjs'));
  for (const name of ['@nestjs/common', '@nestjs/core', 'ioredis', 'reflect-metadata'])
    await symlink(resolve('node_modules', name), join(nest, 'node_modules', name));
}, onThisMachine(120_000));
afterAll(async () => {
  await Promise.all([registry[Symbol.asyncDispose](), issuer.close(), work.remove()]);
});

describe('latchkey-client, from its tarball', () => {
  const NAMES = ['LatchkeyClientError', 'createClient'];

  it('comes alone, and weighs little', async () => {
    expect(await installed(app)).toEqual(['latchkey-client']);
    expect(await bytesOf(join(app, 'node_modules'))).toBeLessThan(160 * KILOBYTE);
  });

  it('can be imported and required', async () => {
    expect(await importedNames(app, 'latchkey-client')).toEqual(NAMES);
    expect(await requiredNames(app, 'latchkey-client')).toEqual(NAMES);
    expect(await importedNames(app, 'latchkey-client/passkeys')).toEqual(['createPasskeys']);
    expect(await requiredNames(app, 'latchkey-client/passkeys')).toEqual(['createPasskeys']);
  });

  it.each(ALL)('has types that hold, and refuse what is wrong: %s', (resolution) => {
    expect(typeErrors(app, resolution, CLIENT_PROGRAM)).toEqual([]);
  });
});

describe('latchkey-access, from a registry', () => {
  const NAMES = ['LatchkeyError', 'StartupError', 'createAccessTokenVerifier'];

  it('brings along what verifies signatures, and neither Nest, a Redis client nor a database', async () => {
    const names = await installed(service);
    const others = names.filter((name) => !name.startsWith('lodash.'));
    expect(others).toEqual([
      'buffer-equal-constant-time',
      'ecdsa-sig-formatter',
      'jsonwebtoken',
      'jwa',
      'jws',
      'latchkey-access',
      'ms',
      'safe-buffer',
      'semver',
    ]);
    expect(await bytesOf(join(service, 'node_modules'))).toBeLessThan(1_500 * KILOBYTE);
  });

  it('can be imported and required, without Nest', async () => {
    expect(await importedNames(service, 'latchkey-access')).toEqual(NAMES);
    expect(await requiredNames(service, 'latchkey-access')).toEqual(NAMES);
  });

  it(
    'verifies without Nest, and says on standard error what is wrong',
    async () => {
      const { stdout, stderr } = await verify(service, issuer.options, issuer.token());
      expect(stdout).toMatch(/^\{"userId":/);
      expect(stderr).toBe('');
      const away = { ...issuer.options, jwksUri: 'http://127.0.0.1:1/jwks' };
      const refused = await verify(service, away, issuer.token());
      expect(refused.stdout).toBe('access.keys_unavailable\n');
      expect(refused.stderr).toMatch(
        /^\S+Z WARN \[Access\] Fetching the keys from http:\S+: failed/,
      );
    },
    onThisMachine(60_000),
  );

  it('says what to install where there is a Redis and no client for it', async () => {
    const options = { ...issuer.options, redisUrl: 'redis://127.0.0.1:1' };
    const { stdout } = await verify(service, options, issuer.token());
    expect(stdout).toBe('StartupError: redisUrl needs the package ioredis: npm install ioredis\n');
  });

  it.each(ALL)('has types that hold without those of Nest: %s', (resolution) => {
    expect(typeErrors(service, resolution, VERIFIER_PROGRAM)).toEqual([]);
  });
});

describe('latchkey-access/nest, where there is Nest', () => {
  const NAMES = [
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

  it('can be imported and required', async () => {
    expect(await importedNames(nest, 'latchkey-access/nest')).toEqual(NAMES);
    expect(await requiredNames(nest, 'latchkey-access/nest')).toEqual(NAMES);
  });

  it('is one with the entry for plain services: an error of one is an error of the other', async () => {
    const program = `import { LatchkeyError } from 'latchkey-access';
      import * as nest from 'latchkey-access/nest';
      console.log(LatchkeyError === nest.LatchkeyError)`;
    expect((await node(nest, '--input-type=module', '--eval', program)).stdout).toBe('true\n');
  });

  it.each([
    ['without Redis', {}, false],
    ['with Redis', { redisUrl: 'redis://127.0.0.1:1' }, true],
  ])('loads a Redis client only for Redis: %s', async (_, more, loaded) => {
    const { stdout } = await verify(nest, { ...issuer.options, ...more }, 'x', LOADED);
    expect(stdout.split('\n').slice(-3)).toEqual(['access.token_invalid', String(loaded), '']);
  });

  // Nest itself is an ES module alone, which node16 lets no CommonJS file require.
  it.each(ALL.filter((resolution) => resolution !== 'node16, commonjs'))(
    'has types that hold, and refuse what is wrong: %s',
    (resolution) => {
      expect(typeErrors(nest, resolution, NEST_PROGRAM)).toEqual([]);
    },
  );
});

async function emptyProject(name: string): Promise<string> {
  const folder = join(work.path, name);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, private: true }));
  return folder;
}

async function node(folder: string, ...args: string[]) {
  const options = { cwd: folder, timeout: onThisMachine(20_000) };
  return promisify(execFile)(process.execPath, args, options);
}

async function importedNames(folder: string, name: string): Promise<string[]> {
  const program = `console.log(JSON.stringify(Object.keys(await import('${name}')).sort()))`;
  return JSON.parse((await node(folder, '--input-type=module', '--eval', program)).stdout);
}

/** What CommonJS gets of an ES module is its namespace. */
async function requiredNames(folder: string, name: string): Promise<string[]> {
  const program = `console.log(JSON.stringify(Object.keys(require('${name}')).sort()))`;
  const { stdout } = await node(folder, '--no-warnings', '--input-type=commonjs', '-e', program);
  return JSON.parse(stdout);
}

async function verify(folder: string, options: object, token: string, then = '') {
  const program = `
    import { createRequire } from 'node:module';
    import { createAccessTokenVerifier } from 'latchkey-access';
    process.on('unhandledRejection', () => {});
    const verifier = createAccessTokenVerifier(${JSON.stringify(options)});
    await verifier.verifyAccessToken(${JSON.stringify(token)}).then(
      (principal) => console.log(JSON.stringify(principal)),
      (error) => console.log(error.code ?? String(error)),
    );
    ${then}
    await verifier.close().catch(() => {});
    process.exit();`;
  await writeFile(join(folder, 'verify.mjs'), program);
  return node(folder, '--no-warnings', 'verify.mjs');
}

const LOADED = `
  const loaded = Object.keys(createRequire(import.meta.url).cache);
  console.log(loaded.some((file) => file.includes('/ioredis/')));`;

async function installed(folder: string): Promise<string[]> {
  const lock = JSON.parse(await readFile(join(folder, 'node_modules/.package-lock.json'), 'utf8'));
  return Object.keys(lock.packages)
    .map((path) => path.replace(/^.*node_modules\//, ''))
    .sort();
}

async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(
    entries.map(async (name) => (await stat(join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const CLIENT_PROGRAM = `
import { createClient, LatchkeyClientError } from 'latchkey-client';
import type { Client, ClientOptions, Principal } from 'latchkey-client';

const options: ClientOptions = { baseUrl: 'https://auth.example.com', delivery: 'cookie' };
const client: Client = createClient(options);
export const principal: Principal | null = client.principal;
export const code = (error: unknown) => (error instanceof LatchkeyClientError ? error.code : '');
// @ts-expect-error a delivery that there is not
createClient({ baseUrl: 'https://auth.example.com', delivery: 'post' });
`;

const VERIFIER_PROGRAM = `
import { createAccessTokenVerifier, LatchkeyError } from 'latchkey-access';
import type { AccessOptions, AccessTokenVerifier, CallerDemands, Principal } from 'latchkey-access';

const options: AccessOptions = { issuer: 'a', audience: 'b', jwksUri: 'c' };
const demands: CallerDemands = { roles: ['user'] };
const verifier: AccessTokenVerifier = createAccessTokenVerifier(options);
export const principal: Promise<Principal> = verifier.verifyAccessToken('token', demands);
export const code = (error: unknown) => (error instanceof LatchkeyError ? error.code : '');
// @ts-expect-error an option that is missing
createAccessTokenVerifier({ issuer: 'a', audience: 'b' });
`;

const NEST_PROGRAM = `
import { Controller, Get, Module } from '@nestjs/common';
import { AccessModule, CurrentUser, Public, RequirePermissions, Roles } from 'latchkey-access/nest';
import type { AccessOptions, Principal } from 'latchkey-access/nest';

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

// @ts-expect-error a misspelt option
AccessModule.forRoot({ ...options, redisUri: 'redis://localhost' });
// @ts-expect-error no role at all
Roles();
`;
