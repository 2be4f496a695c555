import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from '@swc/core';
import { TRANSPILE } from '../transpile.mjs';

/** Takes `./name.js` for `./name.ts` where that is the file there is. */
export async function resolve(specifier, context, nextResolve) {
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return nextResolve(source.href, context);
  }
  return nextResolve(specifier, context);
}

/** Compiles TypeScript as the build does. */
export async function load(url, context, nextLoad) {
  const { protocol, pathname } = new URL(url);
  const isSource = protocol === 'file:' && pathname.endsWith('.ts');
  if (!isSource || pathname.includes('/node_modules/')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const { code } = await transform(await readFile(filename, 'utf8'), {
    ...TRANSPILE,
    filename,
    sourceMaps: 'inline',
    swcrc: false,
  });
  return { format: 'module', source: code, shortCircuit: true };
}
