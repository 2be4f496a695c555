import { cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStores } from '../../support/stores.js';
import { onThisMachine } from '../../support/time-limits.js';
import { Clone } from './clone.js';

/** What a feature could turn red: what looks at all routes, all tables, all errors, all settings. */
const OURS = ['contract', 'platform/database', 'platform/config'].map(
  (folder) => `test/latchkey/${folder}`,
);

let clone: Clone;
beforeAll(async () => {
  clone = await Clone.make();
  await clone.feature('tasks');
  await clone.feature('invoices', '--full');
}, onThisMachine(60_000));
afterAll(() => clone.remove());

/** As docs/extending.md says: the folder, its test, and a line in the module. */
async function addSignInMethod(name: string, module: string) {
  await cp(clone.at(`examples/${name}`), clone.at(`src/${name}`), { recursive: true });
  await rename(clone.at(`src/${name}/${name}.test.ts`), clone.at(`test/app/${name}.test.ts`));
  const text = await readFile(clone.at('src/app.module.ts'), 'utf8');
  const listed = text
    .replace('@Module', `import { ${module} } from './${name}/${name}.module.js';\n$&`)
    .replace(/InvoicesModule(?=[\],])/, `InvoicesModule, ${module}`);
  await writeFile(clone.at('src/app.module.ts'), listed);
}

describe('a clone with a feature of each size', () => {
  it(
    'passes the tests of its features as they stand, and ours as before',
    async () => {
      await addSignInMethod('door-codes', 'DoorCodesModule');
      await addSignInMethod('sign-in-links', 'SignInLinksModule');
      await addSignInMethod('sms-codes', 'SmsCodesModule');
      await addSignInMethod('mail-links', 'MailLinksModule');
      const { exitCode, output } = await clone.run('npm', ['test', '--', 'test/app', ...OURS]);
      expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({
        exitCode: 0,
        output: '',
      });
      const snapshot = clone.at('test/app/__snapshots__/contract.test.ts.snap');
      const contract = await readFile(snapshot, 'utf8');
      for (const name of ['tasks', 'invoices']) {
        const written = new RegExp(`^POST {3}/${name} +permission ${name}:write +201`, 'm');
        expect(contract).toMatch(written);
      }
      expect(contract).toMatch(/^invoices\.not_found 404 /m);
      expect(contract).toMatch(/^POST {3}\/door +anybody +200/m);
      expect(contract).toMatch(/^POST {3}\/sign-in-links\/redeem +anybody +200/m);
      expect(contract).toMatch(/^POST {3}\/sms-codes\/redeem +anybody +200/m);
      expect(contract).toMatch(/^POST {3}\/mail-links\/redeem +anybody +200/m);
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
        clone.run(
          'node',
          ['scripts/generate-migration.mjs', 'src/invoices/migrations/add-title'],
          env,
        );
      try {
        const pending = await generate();
        expect(pending).toEqual({
          exitCode: 1,
          output: expect.stringMatching(
            /^Apply what is pending first: npm run migration:run\n.*: (\w+, ){0,2}CreateInvoices\d+[^\n]*\.$/m,
          ),
        });
        expect((await clone.run('npm', ['run', 'migration:run'], env)).exitCode).toBe(0);
        expect((await generate()).output).toContain('No changes in database schema were found');

        const entity = clone.at('src/invoices/invoice.entity.ts');
        const text = await readFile(entity, 'utf8');
        const column = "  @Column('text', { nullable: true })\n  title?: string | null;\n\n";
        await writeFile(entity, text.replace("  @Column('text')", `${column}$&`));
        expect((await generate()).exitCode).toBe(0);
        const folder = clone.at('src/invoices/migrations');
        const [added = ''] = (await readdir(folder)).filter((name) =>
          name.endsWith('-add-title.ts'),
        );
        const migration = await readFile(join(folder, added), 'utf8');
        expect(migration).toMatch(/^import type \{ MigrationInterface/);
        expect(migration).toContain('ADD "title" text');
        const biome = 'node_modules/@biomejs/biome/bin/biome';
        const checked = await clone.run('node', [biome, 'check', join(folder, added)]);
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
    'has no fault of types or style in what was made',
    async () => {
      const config = { extends: './tsconfig.json', include: ['src/app.module.ts', 'test/app'] };
      await writeFile(clone.at('tsconfig.made.json'), JSON.stringify(config));
      const tsc = 'node_modules/typescript/bin/tsc';
      const types = await clone.run('node', [tsc, '--noEmit', '-p', 'tsconfig.made.json']);
      expect(types).toEqual({ exitCode: 0, output: '' });
      const biome = 'node_modules/@biomejs/biome/bin/biome';
      const folders = ['tasks', 'invoices'].flatMap((name) => [
        `src/${name}`,
        `test/app/${name}.test.ts`,
      ]);
      const style = await clone.run('node', [biome, 'check', '--error-on-warnings', ...folders]);
      expect(style.exitCode).toBe(0);
    },
    onThisMachine(300_000),
  );

  it(
    'keeps to who may import whom: no deep import',
    async () => {
      const depcruise = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';
      const check = () =>
        clone.run('node', [depcruise, 'src', '--config', '.dependency-cruiser.cjs']);
      expect((await check()).exitCode).toBe(0);
      const path = clone.at('src/invoices/deep.ts');
      await cp(clone.at('src/tasks/tasks.errors.ts'), path);
      const text = (await readFile(path, 'utf8')).replace(
        '../latchkey/index.js',
        '../latchkey/platform/errors/define-errors.js',
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
