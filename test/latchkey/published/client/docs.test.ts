import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD } from '../../../builders/accounts.js';
import { startTestApp } from '../../../support/test-app.js';

let app: Awaited<ReturnType<typeof startTestApp>>;
let examples: string[];

beforeAll(async () => {
  app = await startTestApp();
  await app.api.post('/auth/register', { email: 'ada@example.com', password: PASSWORD });
  const text = await readFile('docs/client.md', 'utf8');
  examples = [...text.matchAll(/```js\n([\s\S]*?)```/g)].map(([, code = '']) => code);
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

/** What an example prints when it is run as it stands, against this server. */
async function run(example: string | undefined): Promise<string> {
  if (example === undefined) throw new Error('There is no such example.');
  const code = example
    .replaceAll('http://localhost:3000', app.origin)
    .replaceAll('latchkey-client', 'latchkey/client');
  const args = ['--input-type=module', '--eval', code];
  return (await promisify(execFile)(process.execPath, args)).stdout;
}

it('the examples of docs/client.md do what they say', async () => {
  const [browser, node, errors, ...more] = examples;
  expect(more).toEqual([]);
  // Node keeps no cookies: it is signed in for as long as the access token lives.
  expect(await run(browser)).toBe('signed in with user\n200\nsigned out\n');
  expect(await run(node)).toMatch(/^200\n\d+\n$/);
  expect(await run(errors)).toBe('auth.invalid_credentials 401\n');
});
