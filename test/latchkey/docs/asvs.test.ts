import { access, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const page = await readFile('docs/asvs.md', 'utf8');
const named = [...new Set(page.match(/\btest\/[\w/.-]+\.test\.ts/g))];

it('every test that docs/asvs.md names is there', async () => {
  expect(named.length).toBeGreaterThan(30);
  for (const path of named) await expect(access(path), path).resolves.toBeUndefined();
});

it('it has a line for each requirement once, in order', () => {
  const numbers = [...page.matchAll(/^\| (\d+\.\d+\.\d+) \|/gm)].map(([, number = '']) => number);
  const inOrder = [...numbers].sort((one, other) =>
    one.localeCompare(other, 'en', { numeric: true }),
  );
  expect(numbers).toEqual(inOrder);
  expect(new Set(numbers).size).toBe(numbers.length);
});
