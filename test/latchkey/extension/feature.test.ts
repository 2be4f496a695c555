import { execFile } from 'node:child_process';
import { cp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDirectory } from '../../support/service-process.js';
import { createStores } from '../../support/stores.js';
import { isFullDepth } from '../../support/test-depth.js';
import { onThisMachine } from '../../support/time-limits.js';

const run = promisify(execFile);

/** What lies here and is in no clone, but for the installed packages, which are linked. */
const NOT_CLONED = /^(\.git|node_modules|dist|\.dist-.*|coverage|\.latchkey|\.env|packages|bench)$/;
/** What a feature could turn red: what looks at all routes, all tables, all errors, all settings. */
const OURS = ['contract', 'platform/database', 'platform/config'].map(
  (folder) => `test/latchkey/${folder}`,
);

let clone: Awaited<ReturnType<typeof freshDirectory>>;
beforeAll(async () => {
  clone = await freshDirectory();
  const cloned = (await readdir('.')).filter((name) => !NOT_CLONED.test(name));
  await Promise.all(cloned.map((name) => cp(name, join(clone.path, name), { recursive: true })));
  await symlink(join(process.cwd(), 'node_modules'), join(clone.path, 'node_modules'));
}, onThisMachine(60_000));
afterAll(() => clone.remove());

/** As a person runs it: without what this run of the tests has put into the environment. */
async function inClone(
  program: string,
  { env: more = {} }: { readonly env?: Readonly<Record<string, string>> },
  ...args: string[]
) {
  const kept = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(TEST|VITEST|VITE_USER|NODE_ENV|CI)/.test(name),
    ),
  );
  const env = { ...kept, ...more };
  return run(program, args, { cwd: clone.path, env, maxBuffer: 100_000_000 }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ exitCode: Number(code), output: String(stdout + stderr) }),
  );
}

const feature = (...args: string[]) => inClone('node', {}, 'scripts/feature.mjs', ...args);

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
  it(
    'passes the tests of its features as they stand, and ours as before',
    async () => {
      await addSignInMethod();
      const tests = isFullDepth() ? ['test/app', ...OURS] : ['test/app'];
      const { exitCode, output } = await inClone('npm', {}, 'test', '--', ...tests);
      expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({
        exitCode: 0,
        output: '',
      });
      const snapshot = join(clone.path, 'test/app/__snapshots__/contract.test.ts.snap');
      const contract = await readFile(snapshot, 'utf8');
      expect(contract).toMatch(/^POST {3}\/invoices +permission invoices:write +201/m);
      expect(contract).toMatch(/^invoices\.not_found 404 /m);
      expect(contract).toMatch(/^POST {3}\/door +anybody +200/m);
      expect(contract).not.toContain('/auth/');
    },
    onThisMachine(600_000),
  );

  it(
    'has migrations written: formatted, none while others are pending, none for nothing',
    async () => {
      const stores = await createStores();
      const env = { DATABASE_URL: stores.databaseUrl };
      const generate = () =>
        inClone(
          'node',
          { env },
          'scripts/generate-migration.mjs',
          'src/invoices/migrations/add-title',
        );
      try {
        const pending = await generate();
        expect(pending).toEqual({
          exitCode: 1,
          output: expect.stringMatching(/CreateInvoices\d+.*\n.*npm run migration:run/),
        });
        expect((await inClone('npm', { env }, 'run', 'migration:run')).exitCode).toBe(0);
        expect((await generate()).output).toContain('No changes in database schema were found');

        const entity = join(clone.path, 'src/invoices/invoice.entity.ts');
        const text = await readFile(entity, 'utf8');
        const column = "  @Column('text', { nullable: true })\n  title?: string | null;\n\n";
        await writeFile(entity, text.replace("  @Column('text')", `${column}$&`));
        expect((await generate()).exitCode).toBe(0);
        const folder = join(clone.path, 'src/invoices/migrations');
        const [added = ''] = (await readdir(folder)).filter((name) =>
          name.endsWith('-add-title.ts'),
        );
        const migration = await readFile(join(folder, added), 'utf8');
        expect(migration).toMatch(/^import type \{ MigrationInterface/);
        expect(migration).toContain('ADD "title" text');
        const biome = 'node_modules/@biomejs/biome/bin/biome';
        const checked = await inClone('node', {}, biome, 'check', join(folder, added));
        expect(checked.exitCode).toBe(0);
        await rm(join(folder, added));
        await writeFile(entity, text);
      } finally {
        await stores.drop();
      }
    },
    onThisMachine(300_000),
  );

  it(
    'keeps to who may import whom: no deep import',
    async () => {
      const depcruise = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';
      const check = () =>
        inClone('node', {}, depcruise, 'src', '--config', '.dependency-cruiser.cjs');
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
    },
    onThisMachine(120_000),
  );
});
