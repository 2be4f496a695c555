import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { buildTypes } from '../../../support/build-packages.js';

const LIMIT_BYTES = 5 * 1024;
/** What passkeys take besides. */
const PASSKEYS_LIMIT_BYTES = 2 * 1024;

/** What a program of the package's user prints, which imports it by its published name. */
const run = (...args: string[]) => execFileSync(process.execPath, args, { encoding: 'utf8' });

it.each([
  ['index.ts', LIMIT_BYTES],
  ['passkeys/index.ts', PASSKEYS_LIMIT_BYTES],
])(
  '%s weighs less than %d bytes, minified and compressed, and imports nothing else',
  async (entry, limit) => {
    const { outputFiles, metafile } = await build({
      entryPoints: [`src/latchkey/published/client/${entry}`],
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      metafile: true,
      write: false,
    });
    const [bundle] = outputFiles;
    expect(gzipSync(bundle?.contents ?? '', { level: 9 }).byteLength).toBeLessThan(limit);
    for (const path of Object.keys(metafile.inputs))
      expect(path).toMatch(/^src\/latchkey\/published\/client\//);
  },
);

it.each([
  ['an ES module', '--input-type=module', "import * as client from 'latchkey/client';"],
  ['CommonJS', '--input-type=commonjs', "const client = require('latchkey/client');"],
])('can be had from %s', (_, type, load) => {
  const names = run('--no-warnings', type, '--eval', `${load} console.log(Object.keys(client))`);
  expect(names).toBe("[ 'LatchkeyClientError', 'createClient' ]\n");
});

it('comes with its types', async () => {
  await buildTypes();
  const { types } = JSON.parse(readFileSync('package.json', 'utf8')).exports['./client'];
  expect(readFileSync(types, 'utf8')).toMatch(/createClient/);
});

it('does not keep a process from ending', () => {
  const program = `import { createClient } from 'latchkey/client';
    for (const delivery of ['cookie', 'body']) createClient({ baseUrl: 'http://127.0.0.1:1', delivery });`;
  expect(run('--input-type=module', '--eval', program)).toBe('');
});
