import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import '../../../../src/latchkey/latchkey.module.js';
import {
  declaredSlices,
  variablesOf,
} from '../../../../src/latchkey/platform/config/config-slice.js';
import { loadConfig } from '../../../../src/latchkey/platform/config/load-config.js';
import '../../../../src/latchkey/boot/create-app.js';

/** What .env.example shows an example of, since there is no default to show. */
const EXAMPLES = [
  'CORS_ORIGINS',
  'DATABASE_URL',
  'EXTERNAL_RETURN_URLS',
  'JWT_ISSUER',
  'PAGES_URL',
  'PASSWORD_CONTEXT_WORDS',
  'PUBLIC_URL',
  'REDIS_URL',
  'TRUSTED_PROXIES',
];

/** The only files that may look at the process's environment, to hand it to `loadConfig`. */
const READERS = ['latchkey/boot/serve.ts', 'latchkey/operations/cli/run-command.ts'];

describe('.env.example', () => {
  let shown: Map<string, string>;
  beforeAll(async () => {
    const text = await readFile('.env.example', 'utf8');
    const lines = [...text.matchAll(/^#?([A-Z][A-Z0-9_]*)=(.*)$/gm)];
    shown = new Map(lines.map(([, variable = '', value = '']) => [variable, value]));
  });

  it('names exactly the variables that the code reads', () => {
    const read = declaredSlices().flatMap((slice) => variablesOf(slice).map((one) => one.variable));
    expect([...shown.keys()].sort()).toEqual([...new Set(read)].sort());
  });

  it('shows the defaults', () => {
    const defaults = loadConfig({});
    const isExample = (variable: string) => EXAMPLES.includes(variable);
    const set = [...shown].filter(([variable, value]) => value !== '' && !isExample(variable));
    expect(set.length).toBeGreaterThan(20);
    const asShown = loadConfig(Object.fromEntries(set));
    expect(asShown.entries()).toEqual(defaults.entries());
  });

  it('is valid as it stands, every example included', () => {
    expect(() => loadConfig(Object.fromEntries(shown))).not.toThrow();
  });

  it('is complete: nothing reads the environment past the configuration', async () => {
    const files = await readdir('src', { recursive: true });
    const readers: string[] = [];
    for (const file of files.filter((name) => name.endsWith('.ts'))) {
      if ((await readFile(join('src', file), 'utf8')).includes('process.env')) readers.push(file);
    }
    expect(readers.sort()).toEqual(READERS);
  });
});
