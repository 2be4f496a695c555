import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import swcJest from '@swc/jest';
import jestConfig from '../../jest.config.js';

const [, swcOptions] = Object.values(jestConfig.transform)[0];
const swc = swcJest.createTransformer(swcOptions);

/** Takes `./name.js` for `./name.ts` where that is the file there is. */
export async function resolve(specifier, context, nextResolve) {
  if (specifier.startsWith('.') && specifier.endsWith('.js') && context.parentURL) {
    const source = new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    if (existsSync(source)) return nextResolve(source.href, context);
  }
  return nextResolve(specifier, context);
}

/** Compiles TypeScript as jest.config.js says. */
export async function load(url, context, nextLoad) {
  const { protocol, pathname } = new URL(url);
  const isSource = protocol === 'file:' && pathname.endsWith('.ts');
  if (!isSource || pathname.includes('/node_modules/')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  const { code } = await swc.processAsync(await readFile(filename, 'utf8'), filename, {});
  return { format: 'module', source: code, shortCircuit: true };
}
