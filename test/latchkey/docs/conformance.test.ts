import { access, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const page = await readFile('docs/conformance.md', 'utf8');
const named = [...new Set(page.match(/\btest\/[\w/.-]+\.test\.ts/g))];

it('every test that docs/conformance.md names is there', async () => {
  expect(named.length).toBeGreaterThan(5);
  for (const path of named) await expect(access(path), path).resolves.toBeUndefined();
});

it('it has a line for each module once', () => {
  const modules = [...page.matchAll(/`(oidcc-[\w-]+)`/g)].map(([, name = '']) => name);
  expect(modules.length).toBeGreaterThan(30);
  expect(new Set(modules).size).toBe(modules.length);
});
