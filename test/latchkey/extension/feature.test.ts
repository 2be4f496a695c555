import { execFile } from 'node:child_process';
import { cp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDirectory } from '../../support/service-process.js';
import { isFullDepth } from '../../support/test-depth.js';

const run = promisify(execFile);

/** What a clone has, but for the installed packages, which are linked, and what is built. */
const CLONED = [
  'src',
  'test',
  'examples',
  'scripts',
  'docs',
  'package.json',
  'package-lock.json',
  'jest.config.js',
  'ormconfig.ts',
  'biome.json',
  '.dependency-cruiser.cjs',
  '.env.example',
  'docker-compose.yml',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsconfig.types.json',
];
/** What a feature could turn red: what looks at all routes, all tables, all errors, all settings. */
const OURS = ['contract', 'platform/database', 'platform/config'].map(
  (folder) => `test/latchkey/${folder}`,
);

let clone: Awaited<ReturnType<typeof freshDirectory>>;
beforeAll(async () => {
  clone = await freshDirectory();
  await Promise.all(CLONED.map((name) => cp(name, join(clone.path, name), { recursive: true })));
  await symlink(join(process.cwd(), 'node_modules'), join(clone.path, 'node_modules'));
}, 60_000);
afterAll(() => clone.remove());

/** As a person runs it: without what this run of the tests has put into the environment. */
async function inClone(program: string, ...args: string[]) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(TEST|JEST|NODE_ENV|CI)/.test(name)),
  );
  return run(program, args, { cwd: clone.path, env, maxBuffer: 100_000_000 }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ exitCode: Number(code), output: String(stdout + stderr) }),
  );
}

const feature = (...args: string[]) => inClone('node', 'scripts/feature.mjs', ...args);

/** `examples/door-codes`, as its README line says: the folder, its test, and a line in the module. */
async function addSignInMethod() {
  const at = (path: string) => join(clone.path, path);
  await cp(at('examples/door-codes'), at('src/door-codes'), { recursive: true });
  await rename(at('src/door-codes/door-codes.test.ts'), at('test/app/door-codes.test.ts'));
  const text = await readFile(at('src/app.module.ts'), 'utf8');
  const listed = text
    .replace('@Module', "import { DoorCodesModule } from './door-codes/door-codes.module.js';\n$&")
    .replace('InvoicesModule]', 'InvoicesModule, DoorCodesModule]');
  await writeFile(at('src/app.module.ts'), listed);
}

describe('npm run feature', () => {
  it.each([
    [['--help'], 0, /^Usage: npm run feature <name>/],
    [[], 2, /^Usage/],
    [['Line-Items'], 2, /^Usage/],
    [['fish'], 2, /^Say what one of the fish is called/],
    [['latchkey', 'one'], 1, /^src\/latchkey is there already/],
  ])('with %j ends with %i and says what it wants', async (args, exitCode, message) => {
    const ended = await feature(...args);
    expect(ended).toEqual({ exitCode, output: expect.stringMatching(message) });
  });

  it('makes a feature in files of its own, and enters it by one line', async () => {
    const before = await readFile(join(clone.path, 'src/app.module.ts'), 'utf8');
    const { exitCode, output } = await feature('invoices');
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringMatching(/^Made\n/) });
    expect(output).toContain('npm test -- test/app/invoices.test.ts');
    const after = await readFile(join(clone.path, 'src/app.module.ts'), 'utf8');
    const added = after.split('\n').filter((line) => !before.includes(line));
    expect(added).toEqual([
      "import { InvoicesModule } from './invoices/invoices.module.js';",
      '@Module({ imports: [LatchkeyModule, InvoicesModule] })',
    ]);
    const controller = await readFile(
      join(clone.path, 'src/invoices/invoices.controller.ts'),
      'utf8',
    );
    expect(controller).not.toMatch(/note/i);
  });
});

describe('a clone with a feature', () => {
  it('passes the tests of its features as they stand, and ours as before', async () => {
    await addSignInMethod();
    const tests = isFullDepth() ? ['test/app', ...OURS] : ['test/app'];
    const { exitCode, output } = await inClone('npm', 'test', '--', ...tests);
    expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
  }, 600_000);

  it('keeps to who may import whom: no deep import', async () => {
    const depcruise = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';
    const check = () => inClone('node', depcruise, 'src', '--config', '.dependency-cruiser.cjs');
    expect((await check()).exitCode).toBe(0);
    const path = join(clone.path, 'src/invoices/deep.ts');
    await cp(join(clone.path, 'src/invoices/invoices.audit.ts'), path);
    const text = (await readFile(path, 'utf8')).replace(
      '../latchkey/index.js',
      '../latchkey/audit/audit-action.js',
    );
    await writeFile(path, text);
    const { exitCode, output } = await check();
    expect(exitCode).toBeGreaterThan(0);
    expect(output).toContain('features-import-the-face-alone');
    await rm(path);
  }, 120_000);
});
