import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onThisMachine } from '../../support/time-limits.js';
import { Clone } from './clone.js';

let clone: Clone;
beforeAll(async () => {
  clone = await Clone.make();
}, onThisMachine(60_000));
afterAll(() => clone.remove());

/** What it says that it has made. */
const filesIn = (output: string) => output.match(/(?<=^ {2})(?:src|test)\/\S+\.ts$/gm) ?? [];

describe('npm run feature', () => {
  it.each([
    [['--help'], 0, /^Usage: npm run feature <name>/],
    [[], 2, /^Usage/],
    [['line-items'], 2, /^"line-items" cannot be the name: .* one word .*: lineitems, say\./],
    [['people', 'a_person'], 2, /^"a_person" cannot be the name: .*: aperson, say\./],
    [['fish'], 2, /^Say what one of the fish is called/],
    [['latchkey', 'one'], 1, /^src\/latchkey is there already/],
    [['users'], 1, /^Latchkey has routes, permissions or a table "users" itself/],
    [['roles'], 1, /^Latchkey has .* "roles" itself/],
    [['pages'], 1, /^Latchkey has .* "pages" itself/],
    [['factors'], 1, /^Latchkey has .* "factors" itself/],
  ])('with %j ends with %i and says what it wants', async (args, exitCode, message) => {
    const ended = await clone.feature(...args);
    expect(ended).toEqual({ exitCode, output: expect.stringMatching(message) });
  });

  it('makes a feature in files of its own, and enters it by one line', async () => {
    const before = await readFile(clone.at('src/app.module.ts'), 'utf8');
    const { exitCode, output } = await clone.feature('invoices');
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringMatching(/^Made\n/) });
    expect(output).toContain('npm test -- test/app/invoices.test.ts');
    expect(output).toMatch(/npm run format .*\nThen make it yours/);
    expect(filesIn(output)).toHaveLength(8);
    expect(output).toMatch(/^ {2}examples\/notes\/old-notes\.retention\.ts +Removes notes /m);
    const after = await readFile(clone.at('src/app.module.ts'), 'utf8');
    const added = after.split('\n').filter((line) => !before.includes(line));
    expect(added).toEqual([
      "import { InvoicesModule } from './invoices/invoices.module.js';",
      '@Module({ imports: [LatchkeyModule, InvoicesModule] })',
    ]);
    const controller = await readFile(clone.at('src/invoices/invoices.controller.ts'), 'utf8');
    expect(controller).not.toMatch(/note|region/i);
  });

  it('with --full makes everything that the example shows, and leaves nothing for later', async () => {
    const { exitCode, output } = await clone.feature('reports', '--full');
    const shown = await readdir('examples/notes', { recursive: true });
    const files = shown.filter((name) => name.endsWith('.ts'));
    expect([exitCode, filesIn(output).length]).toEqual([0, files.length]);
    expect(output).not.toContain('examples/notes');
    const made = filesIn(output).map((path) => readFile(clone.at(path), 'utf8'));
    expect((await Promise.all(made)).join()).not.toMatch(/\bnotes?\b|region/i);
  });
});
