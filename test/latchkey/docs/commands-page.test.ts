import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { COMMANDS } from '../../../src/latchkey/operations/cli/commands.js';
import { commandsPage } from '../../../src/latchkey/operations/cli/commands-page.js';
import { flagsOf } from '../../../src/latchkey/operations/cli/program.js';

it('docs/commands.md has every command as it declares itself: npm run docs:commands', async () => {
  expect(await readFile('docs/commands.md', 'utf8')).toBe(commandsPage(COMMANDS));
});

it('docs/command-line.md calls no command with an option that it has not', async () => {
  const page = await readFile('docs/command-line.md', 'utf8');
  const calls = [...page.matchAll(/`([a-z][^`]*)`/g)].flatMap(([, text = '']) =>
    COMMANDS.filter(({ name }) => text === name || text.startsWith(`${name} `)).map((command) => ({
      text,
      command,
    })),
  );
  expect(calls.length).toBeGreaterThan(20);
  for (const { text, command } of calls) {
    const flags = Object.entries(command.options ?? {}).map((one) => flagsOf(...one).split(' ')[0]);
    for (const [option] of text.matchAll(/--[a-z-]+/g)) {
      expect(['--help', ...flags]).toContain(option);
    }
  }
});
