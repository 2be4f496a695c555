import { execFile } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const COMPILER = 'node_modules/typescript/bin/tsc';
/** Says of which build the declarations are: a build removes those of the one before. */
const MADE_FOR = 'node_modules/.cache/latchkey-types';

/**
 * Writes the declarations of what the package publishes, as `npm pack` does before it packs, unless
 * this build has them already: compiling takes seconds, and several tests need them.
 */
export async function buildTypes(): Promise<void> {
  const build = String((await stat('dist/main.js')).mtimeMs);
  if ((await readFile(MADE_FOR, 'utf8').catch(() => '')) === build) return;
  await run(process.execPath, [COMPILER, '-p', 'tsconfig.types.json']);
  await mkdir(dirname(MADE_FOR), { recursive: true });
  await writeFile(MADE_FOR, build);
}

/** Writes `latchkey-client` and `latchkey-access` into a folder, as `npm run packages` does. */
export async function buildPackages(folder: string): Promise<void> {
  await buildTypes();
  await run(process.execPath, ['scripts/packages/build-packages.mjs', folder]);
}
